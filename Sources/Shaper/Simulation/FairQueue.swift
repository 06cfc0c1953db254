// A queue for each flow on one path, with equal shares and controlled delay.

/// FQ-CoDel (RFC 8290) in the fluid limit: 1,024 hashed buckets, equal quanta, CoDel in each, and drops from the fattest
/// bucket when 10,240 packets wait. A flow below its fair share never waits, which is what the list of new flows is for.
struct FairQueue: Sendable {
    /// Bits of a full-sized packet.
    static let packet = 12_000.0
    private static let bucketCount = 1024
    private static let limit = 10_240 * packet

    private struct Bucket: Sendable {
        var queue = ChunkQueue()
        var arriving = ClassVector()
        var offered = 0.0
        var lost = 0.0
        var wait = 0.0
        var share = 0.0
        /// Bits that wait or arrive in this substep.
        var pending = 0.0
        var codel = CoDel()
        var isActive = false
    }

    private var pool = ChunkPool(capacity: 16_384)
    private var buckets = [Bucket](repeating: Bucket(), count: bucketCount)
    private var active: [Int] = []
    /// Bits that wait in all buckets.
    private(set) var backlog = 0.0

    init() {
        active.reserveCapacity(FairQueue.bucketCount)
    }

    private static func bucket(of flow: Int) -> Int {
        Int(truncatingIfNeeded: (UInt64(truncatingIfNeeded: flow) &* 0x9e37_79b9_7f4a_7c15) >> 54)
    }

    /// Notes what a flow sends in this substep.
    mutating func offer(_ bits: Double, lane: Int, flow: Int) {
        let index = FairQueue.bucket(of: flow)
        if !buckets[index].isActive {
            buckets[index].isActive = true
            active.append(index)
        }
        buckets[index].arriving[lane] += bits
    }

    /// Bits that a flow lost in this substep, in proportion to what it sent into its bucket.
    func lost(of offered: Double, flow: Int) -> Double {
        let index = FairQueue.bucket(of: flow)
        guard buckets[index].lost > 0, buckets[index].offered > 0 else { return 0 }
        return buckets[index].lost * offered / buckets[index].offered
    }

    /// Seconds that a bit of the flow waits.
    func wait(flow: Int) -> Double {
        buckets[FairQueue.bucket(of: flow)].wait
    }

    /// Serves one substep.
    ///
    /// - Parameters:
    ///   - budget: Bits that the path carries in the substep.
    ///   - deliver: Receives what leaves: bits by lane, the substep in which they came, and whether their bucket stays
    ///     busy.
    ///   - drop: Receives what is lost.
    mutating func serve(
        _ budget: Double, substep: Int32, at now: Double, deliver: (ClassVector, Int32, Bool) -> Void,
        drop: (ClassVector) -> Void
    ) {
        divide(budget)
        for index in active {
            let arriving = buckets[index].arriving
            buckets[index].offered = arriving.sum()
            buckets[index].lost = 0
            buckets[index].arriving = ClassVector()
            pool.append(arriving, at: substep, to: &buckets[index].queue)
            backlog += buckets[index].offered
        }
        trim(drop)
        for index in active { serve(bucket: index, at: now, deliver: deliver, drop: drop) }
        active.removeAll { index in
            let isIdle = buckets[index].queue.backlog <= 0 && buckets[index].offered <= 0
            if isIdle {
                buckets[index].isActive = false
                buckets[index].wait = 0
            }
            return isIdle
        }
    }

    /// Max-min fair shares of the budget among busy buckets.
    private mutating func divide(_ budget: Double) {
        var left = budget
        for index in active {
            buckets[index].share = 0
            buckets[index].pending = buckets[index].queue.backlog + buckets[index].arriving.sum()
        }
        while left > 1e-9 {
            var unsatisfied = 0.0
            for index in active where buckets[index].pending - buckets[index].share > 1e-9 { unsatisfied += 1 }
            guard unsatisfied > 0 else { return }
            let part = left / unsatisfied
            var anySatisfied = false
            for index in active {
                let need = buckets[index].pending - buckets[index].share
                guard need > 1e-9, need <= part else { continue }
                buckets[index].share += need
                left -= need
                anySatisfied = true
            }
            if anySatisfied { continue }
            for index in active where buckets[index].pending - buckets[index].share > 1e-9 {
                buckets[index].share += part
            }
            return
        }
    }

    /// Keeps the whole within its limit at the cost of the fattest bucket.
    private mutating func trim(_ drop: (ClassVector) -> Void) {
        while backlog > FairQueue.limit {
            var fattest = active[0]
            for index in active where buckets[index].queue.backlog > buckets[fattest].queue.backlog {
                fattest = index
            }
            dropFront(min(backlog - FairQueue.limit + FairQueue.packet, 64 * FairQueue.packet), bucket: fattest, drop)
        }
    }

    private mutating func dropFront(_ bits: Double, bucket index: Int, _ drop: (ClassVector) -> Void) {
        let before = buckets[index].queue.backlog
        pool.take(bits, from: &buckets[index].queue) { part, _ in drop(part) }
        let gone = before - buckets[index].queue.backlog
        buckets[index].lost += gone
        backlog -= gone
    }

    private mutating func serve(
        bucket index: Int, at now: Double, deliver: (ClassVector, Int32, Bool) -> Void, drop: (ClassVector) -> Void
    ) {
        let service = buckets[index].share
        let before = buckets[index].queue.backlog
        let busy = before > service
        pool.take(service, from: &buckets[index].queue) { part, entered in deliver(part, entered, busy) }
        backlog -= before - buckets[index].queue.backlog
        let waiting = buckets[index].queue.backlog
        let wait = service > 0 ? waiting / service * Scenario.substep : buckets[index].wait + Scenario.substep
        buckets[index].wait = waiting > 0 ? wait : 0
        let packets = buckets[index].codel.drops(sojourn: buckets[index].wait, backlog: waiting, at: now)
        if packets > 0 { dropFront(Double(packets) * FairQueue.packet, bucket: index, drop) }
    }
}
