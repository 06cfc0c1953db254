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
    /// Records of a shard that may outgrow a huge page begin at one, so that huge pages can hold all of them.
    var recordBytes: Int {
        let exact = capacity * RecordHandle.byteCount
        return exact < TableMemory.hugePage ? exact : TableMemory.wholeHugePages(exact)
    }
    var deltaBytes: Int { capacity * MemoryLayout<FlowDelta>.stride }
    var byteCount: Int { recordsStart + FlowTable.shardCount * (recordBytes + deltaBytes) }
    private var recordsStart: Int { TableMemory.wholeHugePages(FlowTable.shardCount * indexBytes) }

    func index(of shard: Int, in memory: TableMemory) -> IndexHandle {
        IndexHandle(base: memory.base + shard * indexBytes, bucketCount: UInt64(buckets))
    }

    func records(of shard: Int, in memory: TableMemory) -> UnsafeMutableRawPointer {
        memory.base + recordsStart + shard * recordBytes
    }

    func deltas(of shard: Int, in memory: TableMemory) -> UnsafeMutablePointer<FlowDelta> {
        (memory.base + recordsStart + FlowTable.shardCount * recordBytes + shard * deltaBytes)
            .bindMemory(to: FlowDelta.self, capacity: capacity)
    }
}
