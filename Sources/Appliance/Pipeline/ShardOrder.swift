// A batch's flow packets, grouped by shard.

import FlowTable
import NetTypes

/// Positions of flow packets, grouped by shard and ascending within. One thread sorts, then any number may read.
final class ShardOrder: @unchecked Sendable {
    private let positions: UnsafeMutablePointer<UInt16>
    /// Where each shard's group starts; one more entry for the end.
    private let starts: UnsafeMutablePointer<Int32>
    private let next: UnsafeMutablePointer<Int32>

    /// - Parameter capacity: most packets of a batch, at most 65,536.
    init(capacity: Int) {
        positions = .allocate(capacity: capacity)
        starts = .allocate(capacity: FlowTable.shardCount + 1)
        starts.initialize(repeating: 0, count: FlowTable.shardCount + 1)
        next = .allocate(capacity: FlowTable.shardCount)
        next.initialize(repeating: 0, count: FlowTable.shardCount)
    }

    deinit {
        positions.deallocate()
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
            let shard = FlowTable.shardIndex(packets[position].hash)
            positions[Int(next[shard])] = UInt16(truncatingIfNeeded: position)
            next[shard] &+= 1
        }
    }

    /// The positions of a shard's packets.
    func packets(of shard: Int) -> UnsafeBufferPointer<UInt16> {
        UnsafeBufferPointer(start: positions + Int(starts[shard]), count: Int(starts[shard + 1] - starts[shard]))
    }
}
