// Where a shard's parts lie in the table's memory.

import NetTypes

/// Sizes and places of a shard's index, records and published deltas. All indexes lie together, then all records, then
/// all deltas: what is touched together shares pages.
struct ShardLayout {
    /// Most flows of a shard.
    let capacity: Int
    let buckets: Int

    init(capacity: Int) {
        self.capacity = capacity
        buckets = max(
            IndexHandle.probeLimit, (capacity + IndexHandle.recordsPerBucket - 1) / IndexHandle.recordsPerBucket)
    }

    var indexBytes: Int { buckets * IndexHandle.bucketBytes }
    /// Records of a shard that may outgrow a huge page begin at one, so that huge pages can hold all of them.
    var recordBytes: Int {
        let exact = capacity * RecordHandle.byteCount
        return exact < TableMemory.hugePage ? exact : TableMemory.wholeHugePages(exact)
    }
    var deltaBytes: Int { capacity * MemoryLayout<FlowDelta>.stride }
    var byteCount: Int { recordsStart + FlowTable.shardCount * (recordBytes + deltaBytes) }
    private var recordsStart: Int { TableMemory.wholeHugePages(FlowTable.shardCount * indexBytes) }

    func index(of shard: Int, in memory: TableMemory) -> IndexHandle {
        IndexHandle(base: memory.base + shard * indexBytes, bucketCount: buckets, capacity: capacity)
    }

    func records(of shard: Int, in memory: TableMemory) -> UnsafeMutableRawPointer {
        memory.base + recordsStart + shard * recordBytes
    }

    func deltas(of shard: Int, in memory: TableMemory) -> UnsafeMutablePointer<FlowDelta> {
        (memory.base + recordsStart + FlowTable.shardCount * recordBytes + shard * deltaBytes)
            .bindMemory(to: FlowDelta.self, capacity: capacity)
    }
}
