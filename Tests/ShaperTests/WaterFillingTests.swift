// Water finds its level.

import Testing

@testable import Shaper

@Suite("Water-filling")
struct WaterFillingTests {
    @Test("What is added sums to the demand, and paths that got some are equally full and no fuller than the others")
    func level() {
        var random = PCG64(seed: 3)
        for _ in 0..<5000 {
            let paths = 1 + random.index(below: 8)
            var capacity = PathVector(repeating: 0)
            var load = PathVector()
            for path in 0..<paths {
                capacity[path] = random.uniform(1e6, 20e6)
                load[path] = random.uniform(0, 1.2) * capacity[path]
            }
            let demand = random.uniform(1e4, 40e6)
            let added = WaterFilling.fill(demand, capacity: capacity, load: load, paths: paths)
            #expect(abs(added.sum() - demand) < 1e-6 * demand)
            let fullest = (0..<paths).filter { added[$0] > 0 }
                .map { (load[$0] + added[$0]) / capacity[$0] }
            let level = fullest.max() ?? 0
            #expect(fullest.allSatisfy { abs($0 - level) < 1e-9 })
            #expect((0..<paths).allSatisfy { added[$0] > 0 || load[$0] / capacity[$0] >= level - 1e-9 })
        }
    }

    @Test("Voice takes the nearest path while it has room")
    func nearestFirst() {
        let capacity = PathVector(20e6, 10e6, 10e6, 0, 0, 0, 0, 0)
        let demand = ClassVector(voice: 2e6, video: 16e6, web: 5e6, bulk: 5e6, quarantine: 0)
        let weights = WaterFilling.weights(demand: demand, capacity: capacity, nearest: [0, 1, 2])
        #expect(weights[0][0] == 1)
        #expect(abs(weights[1][0] - 12.0 / 16) < 1e-9)
        #expect(weights.allSatisfy { abs($0.sum() - 1) < 1e-9 })
    }

    @Test("Pages that are to stay near fill the nearest path to its share, then the next; nothing else moves with them")
    func nearPages() {
        let capacity = PathVector(20e6, 10e6, 10e6, 0, 0, 0, 0, 0)
        let light = ClassVector(voice: 2e6, video: 4e6, web: 5e6, bulk: 5e6, quarantine: 0)
        let near = WaterFilling.weights(demand: light, capacity: capacity, nearest: [0, 1, 2], pages: .near)
        #expect(near[2][0] == 1)
        #expect(near[0] == WaterFilling.weights(demand: light, capacity: capacity, nearest: [0, 1, 2])[0])
        let heavy = ClassVector(voice: 2e6, video: 10e6, web: 12e6, bulk: 1e6, quarantine: 0)
        let spilled = WaterFilling.weights(demand: heavy, capacity: capacity, nearest: [0, 1, 2], pages: .near)
        #expect(abs(spilled[2][0] * 12e6 - (WaterFilling.nearShare * 20e6 - 12e6)) < 1)
        #expect(abs(spilled[2][1] * 12e6 - 7e6) < 1)
        #expect(spilled.allSatisfy { abs($0.sum() - 1) < 1e-9 })
    }

    @Test("Guarantees never go below the floors nor above the path")
    func guarantees() {
        var random = PCG64(seed: 4)
        let nominal = Scenario().nominal
        for _ in 0..<5000 {
            var demand = ClassVector()
            for lane in 0..<5 { demand[lane] = random.uniform(0, 40e6) }
            let weights = WaterFilling.weights(demand: demand, capacity: nominal, nearest: [0, 1, 2])
            let shares = WaterFilling.guarantees(
                weights: weights, demand: demand, capacity: nominal, paths: 3, headroom: 2)
            for path in shares {
                #expect((0..<5).allSatisfy { path[$0] >= ShapingPlan.floors[$0] - 1e-12 })
                #expect(path.sum() <= 1 + 1e-9)
            }
        }
    }

    @Test("Long flows spread by room, and a spread that is even is left alone")
    func steering() {
        let room = PathVector(20e6, 10e6, 10e6, 0, 0, 0, 0, 0)
        let crowd = (0..<4).map { Elephant(flow: $0, path: 1, bits: 1e7, placed: false) }
        let placements = ElephantSteering.placements(crowd, room: room, paths: 3, mayMove: false)
        let counts = (0..<3).map { path in placements.filter { $0.path == path }.count }
        #expect(counts == [2, 1, 1])
        let settled = placements.map { Elephant(flow: $0.flow, path: $0.path, bits: 2e7, placed: true) }
        #expect(ElephantSteering.placements(settled, room: room, paths: 3, mayMove: true).isEmpty)
    }
}
