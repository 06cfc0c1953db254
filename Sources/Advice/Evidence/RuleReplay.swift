// Tries a rule on traffic: the one code path of blast radius, what-if and proof.

import NetTypes

/// Passes packets of one second after the other through a rule, as nftables would.
///
/// A limit is a token bucket that holds `FilterRule.bucket` bytes or packets and fills evenly. Within a second packets are taken to
/// come evenly, so what exceeds the bucket is spread over the second's streams by their share.
public struct RuleReplay: Sendable {
    /// What the rule did to one flow.
    public struct Impact: Sendable {
        public var packetsMatched = 0.0
        public var bytesMatched = 0.0
        public var packetsDropped = 0.0
        public var bytesDropped = 0.0

        public init() {}
    }

    private struct Arrival {
        let flow: Int
        let bucket: IPAddress
        let packets: Double
        let bytes: Double
    }

    private struct Bucket {
        var tokens: Double
        var second: Int64
        var arrived = 0.0
        var passedShare = 1.0
    }

    private let rule: FilterRule
    private var buckets: [IPAddress: Bucket] = [:]
    private var second = Int64.min
    private var arrivals: [Arrival] = []
    /// By the number of the flow.
    public private(set) var impacts: [Int: Impact] = [:]

    /// The bucket that all sources share.
    private static let shared = IPAddress(v4: 0)

    public init(_ rule: FilterRule) {
        self.rule = rule
    }

    /// Adds packets of one direction of a flow in one second. Seconds never go back.
    ///
    /// - Parameters:
    ///   - flow: a number of the caller's, for `impacts`.
    ///   - bytes: of IP packets.
    public mutating func add(
        second: Int64, flow: Int, source: IPAddress, destination: IPAddress, transport: UInt8, sourcePort: UInt16,
        destinationPort: UInt16, packets: Int, bytes: Int
    ) {
        if second > self.second { settle(to: second) }
        guard packets > 0,
            rule.matches(
                source: source, destination: destination, transport: transport, sourcePort: sourcePort,
                destinationPort: destinationPort)
        else { return }
        let bucket = rule.effect == .limitPerSource ? source : Self.shared
        arrivals.append(Arrival(flow: flow, bucket: bucket, packets: Double(packets), bytes: Double(bytes)))
    }

    /// Ends the last second.
    public mutating func finish() {
        settle(to: second == .max ? second : second + 1)
    }

    private mutating func settle(to next: Int64) {
        if rule.effect != .drop { fillBuckets() }
        for arrival in arrivals {
            let dropped = rule.effect == .drop ? 1 : 1 - (buckets[arrival.bucket]?.passedShare ?? 1)
            var impact = impacts[arrival.flow] ?? Impact()
            impact.packetsMatched += arrival.packets
            impact.bytesMatched += arrival.bytes
            impact.packetsDropped += arrival.packets * dropped
            impact.bytesDropped += arrival.bytes * dropped
            impacts[arrival.flow] = impact
        }
        arrivals.removeAll(keepingCapacity: true)
        second = next
        // nftables forgets a source after a minute; its bucket is full again by then.
        if buckets.count > 65_535 { buckets = buckets.filter { $0.value.second >= next - 60 } }
    }

    /// What an arrival takes out of a bucket.
    private func cost(_ arrival: Arrival) -> Double { rule.unit == .bits ? arrival.bytes : arrival.packets }

    private mutating func fillBuckets() {
        let rate = Double(rule.perSecond)
        let full = Double(rule.bucket)
        for arrival in arrivals {
            var bucket = buckets[arrival.bucket] ?? Bucket(tokens: full, second: second)
            if bucket.second < second {
                // What came in while nobody sent.
                bucket.tokens = min(full, bucket.tokens + rate * Double(second - bucket.second - 1))
                bucket.second = second
                bucket.arrived = 0
            }
            bucket.arrived += cost(arrival)
            buckets[arrival.bucket] = bucket
        }
        for arrival in arrivals {
            guard var bucket = buckets[arrival.bucket], bucket.arrived > 0 else { continue }
            let passed = min(bucket.arrived, bucket.tokens + rate)
            bucket.passedShare = passed / bucket.arrived
            bucket.tokens = min(full, bucket.tokens + rate - passed)
            bucket.arrived = 0
            buckets[arrival.bucket] = bucket
        }
    }
}
