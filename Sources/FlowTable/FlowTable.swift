// The flow table: who may do what, and how it is laid out.

import NetTypes
import Synchronization

/// A lock-free table of bidirectional flows, divided into 64 shards.
///
/// A flow belongs to the shard that the upper bits of its hash name. Each shard has at most one owner at a time; only
/// the owner may change it, through `FlowShard`. Ownership moves between threads by `claim` and `release`, at any time
/// and without stopping anyone else. Any number of other threads may call the reading methods (`copy`, `forEachFlow`,
/// `counters`) at any time; they never wait for an owner and never make one wait.
///
/// Memory is fixed at creation. When a shard is full, flows that were never answered go first, then the least recently
/// seen (to the second); every eviction is published with its reason.
public final class FlowTable: Sendable {
    /// Number of shards: more than any number of workers, so that their load can be balanced.
    public static let shardCount = 64

    /// The shards, by index. See `FlowShard` for who may call what.
    public let shards: [FlowShard]
    public let configuration: TableConfiguration

    /// - Parameters:
    ///   - configuration: size and timeouts.
    ///   - hasher: the hasher that gave the packets their hashes; names flows in events.
    public init(configuration: TableConfiguration, hasher: FlowHasher) {
        self.configuration = configuration
        let layout = ShardLayout(capacity: Self.recordsPerShard(memory: configuration.memory))
        let memory = TableMemory(byteCount: layout.byteCount)
        memory.preferHugePages(from: memory.base, byteCount: layout.indexBytes * Self.shardCount)
        shards = (0..<Self.shardCount).map { index in
            FlowShard(index: index, memory: memory, layout: layout, configuration: configuration, hasher: hasher)
        }
    }

    /// The shard of a flow's hash.
    @inlinable
    public static func shardIndex(_ hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash >> 58)
    }

    /// Bytes that a flow takes: its record, what it published last, and its share of the index.
    public static let bytesPerFlow =
        MemoryLayout<FlowRecord>.size + MemoryLayout<FlowDelta>.stride
        + (IndexHandle.bucketBytes + IndexHandle.recordsPerBucket - 1) / IndexHandle.recordsPerBucket

    /// Most flows a shard holds for a table of `memory` bytes.
    public static func recordsPerShard(memory: Int) -> Int {
        max(1, memory / bytesPerFlow / shardCount)
    }

    /// Whether the system lets a process reserve memory for a table of this size.
    public static func canReserve(memory: Int) -> Bool {
        TableMemory.canReserve(byteCount: memory)
    }

    /// Most flows the table holds.
    public var capacity: Int { shards[0].capacity * Self.shardCount }

    // MARK: Reading, by any thread at any time

    /// A consistent copy of the flow with this key and hash; nil when it is not there, or was being changed in each of
    /// some tries.
    public func copy(_ key: FlowKey, hash: UInt64) -> FlowRecord? {
        shards[Self.shardIndex(hash)].copy(key, hash: hash)
    }

    /// Calls `body` with a consistent copy of every flow that was in the table all the time. Flows that come, go or
    /// change meanwhile may be missed.
    public func forEachFlow(_ body: (FlowRecord) -> Void) {
        for shard in shards { shard.forEachFlow(body) }
    }
}
