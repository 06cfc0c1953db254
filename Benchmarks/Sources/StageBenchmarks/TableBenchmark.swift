// The flow table alone: cost a packet by number of live flows and kind of keys.

import FlowTable
import NetTypes

/// Measures `FlowShard.process` over packets that were sorted by shard before, as the pipeline hands them over.
enum TableBenchmark {
    /// Packets of one measurement.
    private static let packets = 4_000_000
    /// Packets handed over at a time: those of one shard in a batch of 4,096.
    private static let group = 64

    static func run() {
        let few = median { nanoseconds(flows: 10_000, keys: random) }
        let many = median { nanoseconds(flows: 1_000_000, keys: random) }
        StageBenchmarks.report("table, 10,000 live flows, uniform random keys", few, "ns a packet")
        StageBenchmarks.report("table, 1,000,000 live flows, uniform random keys", many, "ns a packet")
        StageBenchmarks.report("rate with 1,000,000 flows against 10,000", 100 * few / many, "%")
        let hostile = median { nanoseconds(flows: 1_000_000, keys: counted) }
        StageBenchmarks.report("table, 1,000,000 live flows, keys chosen without the secret", hostile, "ns a packet")
        StageBenchmarks.report("cost of those against random keys", hostile / many, "times")
        StageBenchmarks.report("memory a live flow, all statistics", Double(FlowTable.bytesPerFlow), "bytes")
    }

    private static func random(_ index: UInt64) -> FlowKey {
        let mixed = mix(index)
        return FlowKey.canonical(
            source: IPAddress(v4: UInt32(truncatingIfNeeded: mixed)),
            sourcePort: UInt16(truncatingIfNeeded: mixed >> 32),
            destination: IPAddress(v4: UInt32(truncatingIfNeeded: mix(mixed))),
            destinationPort: UInt16(truncatingIfNeeded: mixed >> 48), transport: IPProtocol.udp
        ).key
    }

    /// Keys whose addresses and ports have equal sums and equal exclusive ors: the pattern that beats additive hashes.
    private static func counted(_ index: UInt64) -> FlowKey {
        let host = UInt32(truncatingIfNeeded: index >> 12)
        let port = UInt16(truncatingIfNeeded: index & 0xfff)
        return FlowKey.canonical(
            source: IPAddress(v4: 0x0a00_0000 + host), sourcePort: 0x1000 + port,
            destination: IPAddress(v4: 0x0aff_ffff - host), destinationPort: 0x1fff - port, transport: IPProtocol.udp
        ).key
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value &+ 0x9e37_79b9_7f4a_7c15
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// Nanoseconds a packet, after every flow was opened.
    private static func nanoseconds(flows: Int, keys: (UInt64) -> FlowKey) -> Double {
        var configuration = TableConfiguration()
        // Records to spare, so that uneven shards evict nobody.
        configuration.memory = FlowTable.bytesPerFlow * flows * 5 / 4
        let table = FlowTable(configuration: configuration, hasher: .replay)
        var byShard = [[PacketSummary]](repeating: [], count: FlowTable.shardCount)
        let bytes: StaticString = "x"
        let frame = Frame(
            base: bytes.utf8Start, capturedLength: 0, wireLength: 200, time: Timestamp(seconds: 1), linkType: .ethernet)
        for index in 0..<UInt64(flows) {
            var packet = PacketSummary(frame)
            packet.key = keys(index)
            packet.hash = FlowHasher.replay.hash(packet.key)
            packet.kind = .flow
            packet.payloadLength = 100
            byShard[FlowTable.shardIndex(packet.hash)].append(packet)
        }
        var generator = SplitMix(state: UInt64(flows))
        let context = ShardContext(events: EventBuffer(wanted: []), follower: nil)
        for shard in table.shards {
            precondition(shard.claim(1))
            shard.tick(Timestamp(seconds: 1), context)
            process(byShard[shard.index], shard, context)
            // Visited in another order than opened, so that records are touched at random.
            byShard[shard.index].shuffle(using: &generator)
        }
        // As in the pipeline: a batch of packets lies ready, in the cache, and every shard takes its own.
        let batch = UnsafeMutablePointer<PacketSummary>.allocate(capacity: FlowTable.shardCount * group)
        let places = UnsafeMutablePointer<PacketPlace>.allocate(capacity: FlowTable.shardCount * group)
        defer {
            batch.deallocate()
            places.deallocate()
        }
        func order(_ shard: Int) -> UnsafeBufferPointer<PacketPlace> {
            UnsafeBufferPointer(start: places + shard * group, count: group)
        }
        var done = 0
        var round = 0
        var elapsed = Duration.zero
        let clock = ContinuousClock()
        while done < packets {
            for shard in 0..<FlowTable.shardCount {
                let own = byShard[shard]
                for place in 0..<group {
                    let packet = own[(round * group + place) % own.count]
                    let position = shard * group + place
                    (batch + position).initialize(to: packet)
                    places[position] = PacketPlace(hash: packet.hash, position: UInt32(position))
                }
            }
            elapsed += clock.measure {
                for shard in table.shards {
                    let next = (shard.index + 1) % FlowTable.shardCount
                    table.shards[next].prepare(order: order(next))
                    shard.process(batch, order: order(shard.index), context)
                }
            }
            done += FlowTable.shardCount * group
            round += 1
        }
        precondition(
            table.shards.allSatisfy { $0.counters.active == Int64(byShard[$0.index].count) }, "flows were evicted")
        return Double(elapsed.components.attoseconds) / 1e9 / Double(done)
            + Double(elapsed.components.seconds) * 1e9 / Double(done)
    }

    private static func process(_ packets: [PacketSummary], _ shard: FlowShard, _ context: borrowing ShardContext) {
        let places = packets.indices.map { PacketPlace(hash: packets[$0].hash, position: UInt32($0)) }
        packets.withUnsafeBufferPointer { packets in
            places.withUnsafeBufferPointer { places in
                shard.process(packets.baseAddress!, order: places, context)
            }
        }
    }
}

/// SplitMix64, so that two runs visit flows in the same order.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
