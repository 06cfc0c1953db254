// Tests: readers and owners at the same time.

import FlowTable
import Foundation
import NetTypes
import Synchronization
import TestSupport
import Testing

/// Meant to run under ThreadSanitizer as well: `make stress`.
@Suite("Readers and owners at the same time")
struct ConcurrencyStressTests {
    @Test("Readers see only whole records while shards change hands", .timeLimit(.minutes(5)))
    func consistentCopies() {
        var configuration = TableConfiguration()
        configuration.memory = FlowTable.bytesPerFlow * 4096
        let table = FlowTable(configuration: configuration, hasher: .replay)
        let shared = Shared()
        let threads =
            (1...2).map { worker in Thread { Self.own(table, UInt32(worker), shared) } }
            + (0..<2).map { _ in Thread { Self.read(table, shared) } }
        for thread in threads { thread.start() }
        while shared.running.load(ordering: .acquiring) > 0 { usleep(1000) }
        #expect(shared.copies.load(ordering: .relaxed) > 0)
        #expect(shared.torn.load(ordering: .relaxed) == 0)
        #expect(shared.claims.load(ordering: .relaxed) > Self.rounds)
    }

    private static let rounds = 200

    /// An owner: claims whatever shard it can get, works on it, gives it up.
    private static func own(_ table: FlowTable, _ worker: UInt32, _ shared: Shared) {
        var generator = SeededGenerator(seed: UInt64(worker))
        let events = EventBuffer(wanted: .closed)
        let context = ShardContext(events: events, follower: nil)
        for round in 0..<rounds {
            let packets = packets(round, using: &generator)
            for shard in table.shards.shuffled(using: &generator) where shard.claim(worker) {
                shared.claims.add(1, ordering: .relaxed)
                process(packets, shard, context)
                shard.tick(Timestamp(seconds: Int64(round / 8)), context)
                shard.release(worker)
            }
            events.clear()
        }
        shared.owners.subtract(1, ordering: .releasing)
        shared.running.subtract(1, ordering: .releasing)
    }

    private static func read(_ table: FlowTable, _ shared: Shared) {
        while shared.owners.load(ordering: .acquiring) > 0 || shared.copies.load(ordering: .relaxed) == 0 {
            table.forEachFlow { flow in
                let again = table.copy(flow.key, hash: FlowHasher.replay.hash(flow.key))
                if !isWhole(flow) || (again.map { !isWhole($0) || $0.key != flow.key } ?? false) {
                    shared.torn.add(1, ordering: .relaxed)
                }
                shared.copies.add(1, ordering: .relaxed)
            }
        }
        shared.running.subtract(1, ordering: .releasing)
    }

    private final class Shared: Sendable {
        let owners = Atomic<Int>(2)
        let running = Atomic<Int>(4)
        let copies = Atomic<Int>(0)
        let torn = Atomic<Int>(0)
        let claims = Atomic<Int>(0)
    }

    /// Every packet is 100 bytes long, so that a torn record shows.
    private static func isWhole(_ flow: FlowRecord) -> Bool {
        guard flow.packets > 0 else { return false }
        for direction in [flow.toServer, flow.toClient] {
            let packets = UInt64(direction.packets)
            guard direction.bytes == packets * 100 else { return false }
            guard direction.lengthSquares == packets * 10_000 else { return false }
            guard direction.payloadBytes == packets * 58 else { return false }
        }
        return true
    }

    private static func packets(_ round: Int, using generator: inout SeededGenerator) -> [PacketSummary] {
        let bytes: StaticString = "x"
        return (0..<512).map { _ in
            let frame = Frame(
                base: bytes.utf8Start, capturedLength: 0, wireLength: 100,
                time: Timestamp(nanoseconds: Int64(round) * 125_000_000), linkType: .ethernet)
            var packet = PacketSummary(frame)
            let (key, sourceIsFirst) = FlowKey.canonical(
                source: IPAddress(v4: 0x0a00_0000 | UInt32.random(in: 0..<8192, using: &generator)),
                sourcePort: 53, destination: IPAddress(v4: 0x0a01_0000), destinationPort: 53, transport: 17)
            packet.key = key
            packet.sourceIsFirst = Bool.random(using: &generator) == sourceIsFirst
            packet.kind = .flow
            packet.hash = FlowHasher.replay.hash(key)
            packet.payloadLength = 58
            return packet
        }
    }

    private static func process(_ packets: [PacketSummary], _ shard: FlowShard, _ context: ShardContext) {
        let own = packets.indices.filter { FlowTable.shardIndex(packets[$0].hash) == shard.index }
            .map { PacketPlace(hash: packets[$0].hash, position: UInt32($0)) }
        packets.withUnsafeBufferPointer { packets in
            own.withUnsafeBufferPointer {
                shard.process(packets.baseAddress!, order: $0, context)
            }
        }
    }
}
