// A run of a batch's packets, decoded by one worker.

import Decode
import FlowTable
import NetTypes

/// Consecutive frames of a batch, their faults and counters, and their order by shard.
///
/// One thread at a time decodes it; afterwards any number of threads may read it until the batch is cleared.
final class DecodeRun: @unchecked Sendable {
    /// Frames in a run: small enough to share a batch among workers, large enough to amortise the sorting.
    static let capacity = 256

    /// Position of the first frame in the batch.
    let start: Int
    private(set) var count = 0
    private(set) var counters = DecodeCounters()
    /// The counters as they were at each tick in this run at which statistics are due.
    private(set) var dueCounters: [DecodeCounters] = []
    /// ARP, ICMP errors and faults of these packets.
    let events: EventBuffer
    /// Whether some packet is a fragment: then `resolve` has to see it, in packet order.
    private(set) var hasFragments = false

    /// Positions in the batch, grouped by shard, ascending within.
    private let order: UnsafeMutablePointer<UInt16>
    /// Where each shard's group starts in `order`; one more entry for the end.
    private let groups: UnsafeMutablePointer<UInt16>

    init(start: Int, wanted: FlowEventKinds) {
        self.start = start
        events = EventBuffer(wanted: wanted)
        order = .allocate(capacity: Self.capacity)
        groups = .allocate(capacity: FlowTable.shardCount + 1)
        groups.initialize(repeating: 0, count: FlowTable.shardCount + 1)
    }

    deinit {
        order.deallocate()
        groups.deallocate()
    }

    func clear() {
        count = 0
        counters = DecodeCounters()
        dueCounters.removeAll(keepingCapacity: true)
        hasFragments = false
        events.clear()
        groups.update(repeating: 0, count: FlowTable.shardCount + 1)
    }

    /// Decodes the batch's frames of this run into `summaries` and sorts them by shard.
    func decode(
        _ frames: FrameBatch, _ ticks: [BatchTick], with decoder: PacketDecoder,
        into summaries: UnsafeMutablePointer<PacketSummary>
    ) {
        count = max(0, min(Self.capacity, frames.count - start))
        guard count > 0 else { return }
        var tick = ticks.firstIndex { $0.frame >= start } ?? ticks.count
        var counters = DecodeCounters()
        for position in start..<(start + count) {
            while tick < ticks.count, ticks[tick].frame <= position {
                if ticks[tick].isStatisticsDue { dueCounters.append(counters) }
                tick += 1
            }
            events.position = UInt32(truncatingIfNeeded: position &+ tick)
            let summary = decoder.decode(frames[position], counters: &counters, events: events)
            if summary.isFirstFragment || summary.kind == .laterFragment { hasFragments = true }
            (summaries + position).initialize(to: summary)
        }
        self.counters = counters
        sort(summaries)
    }

    /// Lets the fragment cache see this run's fragments, in packet order, and sorts again. Later fragments whose first
    /// one is unknown become faults.
    func resolve(
        _ cache: inout FragmentCache, _ ticks: [BatchTick], _ summaries: UnsafeMutablePointer<PacketSummary>
    ) {
        guard hasFragments else { return }
        for position in start..<(start + count) {
            let packet = summaries + position
            let isLater = packet.pointee.kind == .laterFragment
            guard isLater || (packet.pointee.isFirstFragment && packet.pointee.kind == .flow) else { continue }
            if cache.resolve(&packet.pointee) { continue }
            packet.pointee.kind = .fault
            packet.pointee.fault = .fragmentUnmatched
            counters.invalid &+= 1
            counters.faults[Int(DecodeFault.fragmentUnmatched.rawValue)] &+= 1
            if events.wants(.fault) {
                // Inserted where the packet stands among the run's events when they are merged by position.
                events.position = UInt32(position + ticks.count { $0.frame <= position })
                events.append(
                    FaultMessage(
                        fault: .fragmentUnmatched, hasKey: true, sourceIsFirst: packet.pointee.sourceIsFirst,
                        key: packet.pointee.key),
                    at: packet.pointee.time)
            }
        }
        sort(summaries)
    }

    /// Groups the positions of flow packets by shard (counting sort).
    private func sort(_ summaries: UnsafeMutablePointer<PacketSummary>) {
        let shards = FlowTable.shardCount
        groups.update(repeating: 0, count: shards + 1)
        for position in start..<(start + count) where summaries[position].kind == .flow {
            groups[FlowTable.shardIndex(summaries[position].hash) + 1] &+= 1
        }
        for shard in 0..<shards { groups[shard + 1] &+= groups[shard] }
        withUnsafeTemporaryAllocation(of: UInt16.self, capacity: shards) { next in
            for shard in 0..<shards { next[shard] = groups[shard] }
            for position in start..<(start + count) where summaries[position].kind == .flow {
                let shard = FlowTable.shardIndex(summaries[position].hash)
                order[Int(next[shard])] = UInt16(truncatingIfNeeded: position)
                next[shard] &+= 1
            }
        }
    }

    /// The positions of a shard's packets, ascending.
    func packets(of shard: Int) -> UnsafeBufferPointer<UInt16> {
        let first = Int(groups[shard])
        return UnsafeBufferPointer(start: order + first, count: Int(groups[shard + 1]) - first)
    }
}
