// Tests: a full table.

import NetTypes
import TestSupport
import Testing

@testable import FlowTable

@Suite("A full table")
struct OverflowTests {
    /// Memory for 64 records a shard.
    static let small = FlowTable.bytesPerFlow * 64 * FlowTable.shardCount

    @Test("Holds no more than its capacity and counts every flow that had to go")
    func bounded() {
        let driver = TableDriver(memory: Self.small)
        #expect(driver.table.capacity == 4096)
        driver.feed(
            (0..<9_000).map { index in
                TestPacket(
                    source: "10.1.\(index / 250).\(index % 250)", transport: IPProtocol.udp, time: index / 10)
            })
        let counters = driver.counters
        #expect(counters.active <= 4096)
        #expect(counters.opened == 9_000)
        #expect(counters[.evictedUnanswered] == 9_000 - UInt64(counters.active))
        driver.drain()
        #expect(driver.closed.count == 9_000)
    }

    @Test("Gives up unanswered flows before answered ones, and the oldest of those first")
    func order() {
        let driver = TableDriver(memory: Self.small)
        // One shard is filled by hand: keys are searched that fall into it.
        var packets: [TestPacket] = []
        var port: UInt16 = 1
        while packets.count < 66 {
            let packet = TestPacket(sourcePort: port, transport: IPProtocol.udp)
            if FlowTable.shardIndex(driver.summary(packet).hash) == 5 { packets.append(packet) }
            port += 1
        }
        for index in 0..<64 { packets[index].time = index * 100 }
        packets[64].time = 6500
        packets[65].time = 6600
        driver.feed(Array(packets[..<64]))
        // The first ten are answered; number ten is then the oldest without an answer.
        driver.feed(
            packets[..<10].map { packet in
                var answer = packet.reply
                answer.time = 6400
                return answer
            })
        driver.feed([packets[64]])
        #expect(driver.closed.map(\.reason) == [.evictedUnanswered])
        #expect((1000...2000).contains(driver.closed[0].flow.start.nanoseconds / 1_000_000 % 1_000_000))
        driver.feed(
            packets[10..<64].map { packet in
                var answer = packet.reply
                answer.time = 6550
                return answer
            })
    }

    @Test("Keys chosen without the secret spread as well as random ones")
    func adversarial() {
        let patterns: [(String, (Int) -> FlowKey)] = [
            (
                "ports that count up and down",
                { index in
                    FlowKey.canonical(
                        source: IPAddress(v4: 0x0a00_0001), sourcePort: UInt16(index & 0xffff),
                        destination: IPAddress(v4: 0x0a00_0002 + UInt32(index >> 16)),
                        destinationPort: UInt16(~index & 0xffff), transport: 17
                    ).key
                }
            ),
            (
                "equal sums of addresses and ports",
                { index in
                    FlowKey.canonical(
                        source: IPAddress(v4: 0x0a00_0000 + UInt32(index)), sourcePort: 1000,
                        destination: IPAddress(v4: 0x0aff_ffff - UInt32(index)), destinationPort: 1000, transport: 6
                    ).key
                }
            ),
            (
                "bits far apart",
                { index in
                    FlowKey.canonical(
                        source: IPAddress(v4: UInt32(index) << 12), sourcePort: 0,
                        destination: IPAddress(v4: 0xffff_ffff), destinationPort: 0, transport: 6
                    ).key
                }
            ),
        ]
        for (name, key) in patterns {
            var shards = [Int](repeating: 0, count: 64)
            for index in 0..<16_000 { shards[FlowTable.shardIndex(FlowHasher.replay.hash(key(index)))] += 1 }
            // 250 a shard: five standard deviations are 79.
            #expect(shards.allSatisfy { (171...329).contains($0) }, "\(name)")
            let driver = TableDriver(memory: FlowTable.bytesPerFlow * 20_000)
            var summary = driver.summary(TestPacket(transport: IPProtocol.udp))
            for index in 0..<16_000 {
                summary.key = key(index)
                summary.hash = driver.hasher.hash(summary.key)
                driver.feed([summary])
            }
            #expect(driver.counters[.evictedCollision] == 0, "\(name)")
        }
    }

    @Test("The hash is SipHash-1-3, as CPython computes it with a zero key")
    func sipHash() {
        let hasher = FlowHasher(firstKey: 0, secondKey: 0)
        var key = FlowKey.canonical(
            source: IPAddress("10.0.0.1")!, sourcePort: 1234, destination: IPAddress("10.0.0.2")!,
            destinationPort: 80, transport: 6
        ).key
        key.outerVLAN = 0x1064
        #expect(hasher.hash(key) == 0x3dab_86f3_b6b1_3653)
        let wide = FlowKey.canonical(
            source: IPAddress("2001:db8::1")!, sourcePort: 40000, destination: IPAddress("2001:db8::2")!,
            destinationPort: 443, transport: 17
        ).key
        #expect(hasher.hash(wide) == 0xdb9c_4688_7cd1_4e42)
        #expect(hasher.hash(1, 2) == 0xfb05_8313_e620_1d48)
    }
}
