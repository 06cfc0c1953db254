// What a pipeline is made with.

import FlowTable
import NetTypes
import Outputs

/// A payload follower whose events go to another buffer with every batch.
protocol ShardFollower: PayloadFollower {
    var events: EventBuffer { get set }
    /// Whether payloads are left alone; those counted that were.
    var isShedding: Bool { get set }
    var shed: UInt64 { get }
    /// Flows that were not followed, and that were not named, because there was no room for it.
    var unfollowed: UInt64 { get }
    var unnamed: UInt64 { get }
}

/// Size and behaviour of a pipeline.
struct PipelineConfiguration: Sendable {
    var table = TableConfiguration()
    var hasher = FlowHasher.replay
    /// Threads that work, the calling one included.
    var workers = 1
    /// Frames in a batch.
    var batchCapacity = 4096
    /// Bytes for the frames of sources that cannot lend them, in a batch.
    var batchStorage = 0
    /// Frames in a batch below which one worker does all of a cycle while the others sleep; zero wakes them always.
    var gatherBelow = 0
    /// Parts that a batch's lines are rendered in.
    var renderParts = 8
    /// Flows that a shard ends in one batch after the capture has ended.
    var drainLimit = 32
    /// Seconds of packet time between `stats` records.
    var statisticsInterval: Int64 = 60
    /// Told the counters once a second of packet time, by one thread at a time; nil when nobody watches.
    var monitor: (@Sendable (StatisticsSnapshot) -> Void)?
    /// Told the packet time up to which everything was written, for every batch of packets, by one thread at a time; nil
    /// when nobody watches.
    var written: (@Sendable (Timestamp) -> Void)?
    /// How outputs stand, for `stats` records; nil when nothing is captured live.
    var outputCounters: (@Sendable () -> [SinkCounters])?
    /// Whether there is no more time for flows that a stop cuts short: they are written, and those observers that may miss
    /// them do. nil when there is time for everything.
    var isHurried: (@Sendable () -> Bool)?
    /// Makes the follower of a shard, given its number and the buffer of the first batch; nil when nobody wants anything
    /// of the application layer.
    var follower: @Sendable (Int, EventBuffer) -> (any ShardFollower)? = { _, _ in nil }
}
