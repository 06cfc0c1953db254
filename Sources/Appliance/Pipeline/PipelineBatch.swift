// A batch of packets on its way through the pipeline, with everything made from it.

import FlowTable
import NetTypes
import Outputs

/// A tick at which counters are collected.
struct StatisticsTick: Sendable {
    /// Which of the batch's ticks.
    let tick: Int
    /// Whole seconds of packet time since the first packet.
    let uptime: Int64
    /// Whether the counters become a `stats` record; else somebody only watches them.
    let isLogged: Bool
}

/// What a batch is for.
enum BatchPurpose {
    /// Nothing: the source is finished and the pipeline runs empty.
    case empty
    case packets
    /// The capture has ended; the table's flows are.
    case drain
    /// The last batch: what is to be written at the very end.
    case end
}

/// The packets of a batch: what the first three stages work on.
final class BatchPackets: @unchecked Sendable {
    let frames: FrameBatch
    let summaries: UnsafeMutablePointer<PacketSummary>
    /// The flow packets by shard.
    let order: ShardOrder

    init(capacity: Int, storageCapacity: Int) {
        precondition(capacity % DecodeRun.capacity == 0 && capacity <= 1 << 16)
        frames = FrameBatch(capacity: capacity, storageCapacity: storageCapacity)
        summaries = .allocate(capacity: capacity)
        order = ShardOrder(capacity: capacity)
    }

    deinit {
        summaries.deallocate()
    }
}

/// What a shard reports of a batch.
final class ShardOutcome: @unchecked Sendable {
    /// Its counters at each tick at which statistics are due.
    var dueCounters: [TableCounters] = []
    /// Its counters after the last batch.
    var finalCounters = TableCounters()
    /// Whether it has no flow left, in a batch that drains the table.
    var isDrained = false
}

/// A reusable batch. Each stage of the pipeline has it alone in one cycle, shared among workers as the stage says.
///
/// Its large parts are lent from pools, and belong to it only as long as some stage needs them: packets until the
/// table has seen them, shard events from then until they are rendered, lines until they are written. So less memory is
/// in use at a time, and more of it stays in the caches.
final class PipelineBatch: @unchecked Sendable {
    let packets: BatchPackets
    let runs: [DecodeRun]
    /// Events of each shard.
    let shardEvents: [EventBuffer]
    /// Frames read into this batch.
    var frameCount = 0
    /// Ticks and losses that the source noticed.
    let sourceEvents: EventBuffer
    let merged: MergedEvents
    var purpose = BatchPurpose.empty
    /// Where packet time crosses whole seconds.
    var ticks: [TableTick] = []
    /// Those among the ticks at which statistics are due, ascending.
    var statisticsTicks: [StatisticsTick] = []
    /// Position in the whole run of this batch's position zero.
    var firstOrdinal: UInt64 = 0
    /// Packet time at the end of the batch.
    var time = Timestamp.never
    /// Whether statistics are due at a tick.
    func isStatisticsDue(_ tick: Int) -> Bool {
        var (low, high) = (0, statisticsTicks.count)
        while low < high {
            let middle = (low + high) / 2
            if statisticsTicks[middle].tick < tick { low = middle + 1 } else { high = middle }
        }
        return low < statisticsTicks.count && statisticsTicks[low].tick == tick
    }

    /// The `stats` records of this batch, in the order of their ticks.
    var statistics: [StatisticsSnapshot] = []
    /// The record that is due at a tick. A batch of a sparse capture has hundreds, and asks for each of its ticks.
    func statistics(at time: Timestamp) -> StatisticsSnapshot? {
        var (low, high) = (0, statistics.count)
        while low < high {
            let middle = (low + high) / 2
            if statistics[middle].time < time { low = middle + 1 } else { high = middle }
        }
        return low < statistics.count && statistics[low].time == time ? statistics[low] : nil
    }

    /// What each shard reports of this batch, written by whoever has the shard.
    let outcomes: [ShardOutcome]
    /// Whole seconds of packet time from the first packet to the end of the batch.
    var uptime: Int64 = 0
    /// What the kernel has counted by the end of the batch, when packets are captured live.
    var capture: CaptureCounters?
    /// What is left out of this batch.
    var overload = OverloadLevel.none
    var annotations = FlowAnnotations()
    let lines: [RenderedLines]

    init(
        capacity: Int, wanted: FlowEventKinds, packets: BatchPackets, shardEvents: [EventBuffer],
        lines: [RenderedLines]
    ) {
        self.packets = packets
        self.shardEvents = shardEvents
        self.lines = lines
        runs = stride(from: 0, to: capacity, by: DecodeRun.capacity).map { DecodeRun(start: $0, wanted: wanted) }
        sourceEvents = EventBuffer(wanted: wanted)
        merged = MergedEvents(sources: shardEvents + runs.map(\.events) + [sourceEvents])
        outcomes = (0..<FlowTable.shardCount).map { _ in ShardOutcome() }
    }

    /// Number of positions: frames and ticks.
    var positions: Int { frameCount + ticks.count }

    /// Whether there is nothing for the stages after reading: what a live capture reads between two blocks of its ring.
    var isBlank: Bool { purpose == .packets && positions == 0 && sourceEvents.headers.isEmpty }

    /// Makes the batch ready to be read into. Shard events and lines are cleared by the stages that fill them.
    func clear() {
        packets.frames.clear()
        frameCount = 0
        for run in runs where run.count > 0 { run.clear() }
        sourceEvents.clear()
        merged.clear()
        ticks.removeAll(keepingCapacity: true)
        if !statisticsTicks.isEmpty {
            statisticsTicks.removeAll(keepingCapacity: true)
            for outcome in outcomes { outcome.dueCounters.removeAll(keepingCapacity: true) }
        }
        annotations.clear()
        statistics.removeAll(keepingCapacity: true)
        purpose = .empty
    }
}
