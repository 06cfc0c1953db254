// A batch's flow packets, grouped by shard.

import FlowTable
import NetTypes

/// Places of flow packets, grouped by shard and ascending within. One thread sorts, then any number may read.
final class ShardOrder: @unchecked Sendable {
    private let places: UnsafeMutablePointer<PacketPlace>
    /// Where each shard's group starts; one more entry for the end.
    private let starts: UnsafeMutablePointer<Int32>
    private let next: UnsafeMutablePointer<Int32>

    /// - Parameter capacity: most packets of a batch.
    init(capacity: Int) {
        places = .allocate(capacity: capacity)
        starts = .allocate(capacity: FlowTable.shardCount + 1)
        starts.initialize(repeating: 0, count: FlowTable.shardCount + 1)
        next = .allocate(capacity: FlowTable.shardCount)
        next.initialize(repeating: 0, count: FlowTable.shardCount)
    }

    deinit {
        places.deallocate()
        starts.deallocate()
        next.deallocate()
    }

    /// Groups the first `count` packets (counting sort).
    func sort(_ packets: UnsafePointer<PacketSummary>, count: Int) {
        starts.update(repeating: 0, count: FlowTable.shardCount + 1)
        for position in 0..<count where packets[position].kind == .flow {
            starts[FlowTable.shardIndex(packets[position].hash) + 1] &+= 1
        }
        for shard in 0..<FlowTable.shardCount {
            starts[shard + 1] &+= starts[shard]
            next[shard] = starts[shard]
        }
        for position in 0..<count where packets[position].kind == .flow {
            let hash = packets[position].hash
            let shard = FlowTable.shardIndex(hash)
            places[Int(next[shard])] = PacketPlace(hash: hash, position: UInt32(truncatingIfNeeded: position))
            next[shard] &+= 1
        }
    }

    /// The places of a shard's packets.
    func packets(of shard: Int) -> UnsafeBufferPointer<PacketPlace> {
        UnsafeBufferPointer(start: places + Int(starts[shard]), count: Int(starts[shard + 1] - starts[shard]))
    }
}
