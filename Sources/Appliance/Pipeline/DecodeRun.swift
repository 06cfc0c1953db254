// A run of a batch's packets, decoded by one worker.

import Decode
import FlowTable
import NetTypes

/// Consecutive frames of a batch, with their faults and counters.
///
/// One thread at a time decodes it; afterwards any number of threads may read it until the batch is cleared.
final class DecodeRun: @unchecked Sendable {
    /// Frames in a run: small enough to share a batch evenly among workers.
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

    init(start: Int, wanted: FlowEventKinds) {
        self.start = start
        events = EventBuffer(wanted: wanted)
    }

    func clear() {
        count = 0
        counters = DecodeCounters()
        dueCounters.removeAll(keepingCapacity: true)
        hasFragments = false
        events.clear()
    }

    /// Decodes the batch's frames of this run into `summaries`.
    func decode(
        _ batch: PipelineBatch, with decoder: PacketDecoder, into summaries: UnsafeMutablePointer<PacketSummary>
    ) {
        let frames = batch.packets.frames
        let ticks = batch.ticks
        count = max(0, min(Self.capacity, frames.count - start))
        guard count > 0 else { return }
        var tick = ticks.firstIndex { $0.position >= start } ?? ticks.count
        for position in start..<(start + count) {
            while tick < ticks.count, ticks[tick].position <= position {
                if batch.isStatisticsDue(tick) { dueCounters.append(counters) }
                tick += 1
            }
            events.position = UInt32(truncatingIfNeeded: position &+ tick)
            decoder.decode(frames[position], into: summaries + position, counters: &counters, events: events)
            if summaries[position].isFirstFragment || summaries[position].kind == .laterFragment { hasFragments = true }
        }
    }

    /// Lets the fragment cache see this run's fragments, in packet order. Later fragments whose first
    /// one is unknown become faults.
    func resolve(
        _ cache: inout FragmentCache, _ ticks: [TableTick], _ summaries: UnsafeMutablePointer<PacketSummary>
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
                events.position = UInt32(position + ticks.count { $0.position <= position })
                events.append(
                    FaultMessage(
                        fault: .fragmentUnmatched, hasKey: true, sourceIsFirst: packet.pointee.sourceIsFirst,
                        key: packet.pointee.key),
                    at: packet.pointee.time)
            }
        }
    }
}
