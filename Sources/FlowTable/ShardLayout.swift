// Where a shard's parts lie in the table's memory.

import NetTypes

/// Sizes and places of a shard's index, records and published deltas. All indexes lie together, then all records, then
/// all deltas: what is touched together shares pages.
struct ShardLayout {
    /// Most flows of a shard.
    let capacity: Int
    let buckets: Int

    private static let bucketBytes = 64
    /// One bucket of seven entries for every four records keeps the index just over half full.
    private static let recordsPerBucket = 4

    init(capacity: Int) {
        self.capacity = capacity
        buckets = max(
            IndexHandle.probeLimit, (capacity + Self.recordsPerBucket - 1) / Self.recordsPerBucket)
    }

    var indexBytes: Int { buckets * Self.bucketBytes }
    var recordBytes: Int { capacity * RecordHandle.byteCount }
    var deltaBytes: Int { capacity * MemoryLayout<FlowDelta>.stride }
    var byteCount: Int { indexBytes + recordBytes + deltaBytes }

    func index(of shard: Int, in memory: TableMemory) -> IndexHandle {
        IndexHandle(base: memory.base + shard * indexBytes, bucketCount: UInt64(buckets))
    }

    func records(of shard: Int, in memory: TableMemory) -> UnsafeMutableRawPointer {
        memory.base + FlowTable.shardCount * indexBytes + shard * recordBytes
    }

    func deltas(of shard: Int, in memory: TableMemory) -> UnsafeMutablePointer<FlowDelta> {
        (memory.base + FlowTable.shardCount * (indexBytes + recordBytes) + shard * deltaBytes)
            .bindMemory(to: FlowDelta.self, capacity: capacity)
    }
}
