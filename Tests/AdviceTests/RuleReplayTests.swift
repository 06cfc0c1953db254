// The model of a limit, against a bucket that is filled packet by packet.

import Advice
import NetTypes
import TestSupport
import Testing

struct RuleReplayTests {
    /// nftables' byte limit: a bucket of a second's rate and the burst, full at first; a packet passes when the bucket
    /// holds it (Linux, `nft_limit_eval`).
    private func passes(_ rule: FilterRule, _ packets: [(time: Double, bytes: Int)]) -> Int {
        var tokens = Double(rule.bucket)
        var last = 0.0
        var passed = 0
        for packet in packets {
            tokens = min(Double(rule.bucket), tokens + (packet.time - last) * Double(rule.perSecond))
            last = packet.time
            guard tokens >= Double(packet.bytes) else { continue }
            tokens -= Double(packet.bytes)
            passed += packet.bytes
        }
        return passed
    }

    @Test("Bytes that pass agree with a bucket of single packets", arguments: 1...20)
    func bytesThatPassAgreeWithABucketOfSinglePackets(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let rule = FilterRule(
            sources: ["198.51.100.7".prefix], destinations: [], effect: .limit,
            rate: Int.random(in: 64_000...4_000_000, using: &generator))
        var replay = RuleReplay(rule)
        var packets: [(time: Double, bytes: Int)] = []
        var total = 0
        for second in 0..<30 {
            let count = Int.random(in: 0...900, using: &generator)
            let length = Int.random(in: 40...1500, using: &generator)
            for index in 0..<count { packets.append((Double(second) + (Double(index) + 0.5) / Double(count), length)) }
            total += count * length
            replay.add(
                second: Int64(second), flow: 0, source: "198.51.100.7".address, destination: "10.0.0.1".address,
                transport: 6, sourcePort: 1, destinationPort: 2, packets: count, bytes: count * length)
        }
        replay.finish()
        let impact = replay.impacts[0]!
        #expect(Int(impact.bytesMatched) == total)
        let predicted = impact.bytesMatched - impact.bytesDropped
        #expect((predicted - Double(passes(rule, packets))).magnitude <= 0.03 * predicted + 1500)
    }

    @Test("Sources have buckets of their own when they are limited one by one")
    func sourcesHaveBucketsOfTheirOwnWhenLimitedOneByOne() {
        let rule = FilterRule(
            sources: [], destinations: ["192.0.2.80".prefix], transport: 17, effect: .limitPerSource, rate: 80_000)
        var replay = RuleReplay(rule)
        for second in 0..<10 {
            for source in 0..<4 {
                replay.add(
                    second: Int64(second), flow: source, source: IPAddress(v4: 0xc633_6400 + UInt32(source)),
                    destination: "192.0.2.80".address, transport: 17, sourcePort: 53, destinationPort: 9,
                    packets: source == 0 ? 100 : 5, bytes: source == 0 ? 100_000 : 5_000)
            }
        }
        replay.finish()
        #expect(replay.impacts[0]!.bytesDropped > 800_000)
        for source in 1..<4 { #expect(replay.impacts[source]!.bytesDropped == 0) }
    }

    @Test("What does not match is not touched")
    func whatDoesNotMatchIsNotTouched() {
        let rule = FilterRule(
            sources: ["198.51.100.0/24".prefix], destinations: ["10.0.0.1".prefix], transport: 6, destinationPort: 22,
            effect: .drop, rate: 0)
        var replay = RuleReplay(rule)
        func add(_ source: String, _ destination: String, _ transport: UInt8, _ port: UInt16, flow: Int) {
            replay.add(
                second: 0, flow: flow, source: source.address, destination: destination.address, transport: transport,
                sourcePort: 5000, destinationPort: port, packets: 1, bytes: 100)
        }
        add("198.51.100.9", "10.0.0.1", 6, 22, flow: 0)
        add("198.51.101.9", "10.0.0.1", 6, 22, flow: 1)
        add("198.51.100.9", "10.0.0.2", 6, 22, flow: 2)
        add("198.51.100.9", "10.0.0.1", 17, 22, flow: 3)
        add("198.51.100.9", "10.0.0.1", 6, 23, flow: 4)
        replay.finish()
        #expect(replay.impacts.keys.sorted() == [0])
        #expect(replay.impacts[0]!.packetsDropped == 1)
    }
}
