// Queues and their service, one by one.

import Testing

@testable import Shaper

@Suite("Queues")
struct QueueTests {
    @Test("Bits leave in the order in which they came, with the substep in which they came")
    func order() {
        var pool = ChunkPool(capacity: 8)
        var queue = ChunkQueue()
        pool.append(ClassVector(each: 10), at: 1, to: &queue)
        pool.append(ClassVector(each: 20), at: 2, to: &queue)
        #expect(queue.backlog == 150)
        var taken: [(Double, Int32)] = []
        pool.take(75, from: &queue) { taken.append(($0.sum(), $1)) }
        #expect(taken.map(\.0) == [50, 25])
        #expect(taken.map(\.1) == [1, 2])
        #expect(queue.backlog == 75)
        pool.take(1000, from: &queue) { taken.append(($0.sum(), $1)) }
        #expect(queue.backlog == 0)
        #expect(pool.oldest(of: queue) == nil)
    }

    @Test("A dry pool keeps every bit and says that stamps were merged")
    func dryPool() {
        var pool = ChunkPool(capacity: 2)
        var queue = ChunkQueue()
        for substep in 0..<5 { pool.append(ClassVector(each: 1), at: Int32(substep), to: &queue) }
        #expect(queue.backlog == 25)
        #expect(pool.merged == 3)
        var sum = 0.0
        pool.take(25, from: &queue) { bits, _ in sum += bits.sum() }
        #expect(sum == 25)
    }

    @Test("Division of a path gives nobody more than is pending, above the ceiling, or beyond the budget")
    func divisionBounds() {
        var random = PCG64(seed: 1)
        for _ in 0..<20_000 {
            var pending = ClassVector()
            for lane in 0..<5 { pending[lane] = random.uniform() < 0.3 ? 0 : random.uniform(0, 60) }
            let service = ClassService.divide(
                100, pending: pending, guarantees: ShapingPlan.floors, ceilings: ShapingPlan.quarantineCeilings,
                priorities: random.uniform() < 0.5 ? ShapingPlan.strictPriorities : ShapingPlan.equalPriorities)
            for lane in 0..<5 {
                #expect(service[lane] <= pending[lane] + 1e-9)
                #expect(service[lane] >= min(pending[lane], ShapingPlan.floors[lane] * 100) - 1e-9)
            }
            #expect(service[4] <= 10 + 1e-9)
            #expect(service.sum() <= 100 + 1e-6)
            let possible = pending.legitimate + min(pending[4], 10)
            #expect(abs(service.sum() - min(100, possible)) < 1e-6)
        }
    }

    @Test("Classes of equal rank borrow in proportion to their guarantees")
    func weightedBorrowing() {
        let service = ClassService.divide(
            90, pending: ClassVector(each: 1000), guarantees: ClassVector(each: 0.1),
            ceilings: ClassVector(each: 1), priorities: ShapingPlan.equalPriorities)
        #expect((0..<5).allSatisfy { abs(service[$0] - 18) < 1e-9 })
    }

    @Test("FQ-CoDel gives a sparse flow no queue and greedy ones equal shares")
    func fairShares() {
        var queue = FairQueue()
        var delivered = [Int: Double]()
        for substep in 0..<1000 {
            queue.offer(1_000, lane: 0, flow: 1)
            queue.offer(200_000, lane: 1, flow: 2)
            queue.offer(300_000, lane: 2, flow: 3)
            queue.serve(
                101_000, substep: Int32(substep), at: Double(substep) * 0.01,
                deliver: { bits, entered, _ in
                    for lane in 0..<3 { delivered[lane, default: 0] += bits[lane] }
                    if bits[0] > 0 { #expect(Int(entered) == substep) }
                }, drop: { _ in })
        }
        #expect(abs(delivered[0, default: 0] - 1e6) < 1)
        #expect(abs(delivered[1, default: 0] / delivered[2, default: 1] - 1) < 0.01)
        #expect(queue.wait(flow: 1) == 0)
        #expect(queue.backlog <= 10_240 * 12_000)
    }

    @Test("CoDel leaves short queues alone and drops ever faster from a standing one")
    func codel() {
        var codel = CoDel()
        for step in 0..<1000 {
            #expect(codel.drops(sojourn: 0.004, backlog: 1e6, at: Double(step) * 0.01) == 0)
        }
        var drops: [Int] = []
        for step in 1000..<1400 {
            drops.append(codel.drops(sojourn: 0.05, backlog: 1e6, at: Double(step) * 0.01))
        }
        #expect(drops.prefix(10).allSatisfy { $0 == 0 })
        #expect(drops[10...11].reduce(0, +) == 1)
        // The n-th drop comes 100 ms over the root of n after the one before: 400 drops need some four seconds.
        let firstSecond = drops.prefix(100).reduce(0, +)
        let lastSecond = drops.suffix(100).reduce(0, +)
        #expect((20...40).contains(firstSecond))
        #expect(lastSecond > 3 * firstSecond)
    }
}
