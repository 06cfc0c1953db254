// The identifier of a decision.

import Digest
import NetTypes

/// Hashes values in a form in which no two different sequences of values look alike.
public struct DecisionDigest: Sendable {
    private var hash = SHA256()

    public init() {}

    public mutating func add(_ value: Int64) {
        withUnsafeBytes(of: value.bigEndian) { hash.update($0) }
    }

    public mutating func add(_ value: Int) { add(Int64(value)) }

    public mutating func add(_ value: Double) { add(Int64(bitPattern: value.bitPattern)) }

    public mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            add(bytes.count)
            hash.update(UnsafeRawBufferPointer(bytes))
        }
    }

    mutating func add(_ address: IPAddress) {
        add(address.isIPv6 ? 6 : 4)
        add(Int64(bitPattern: address.high))
        add(Int64(bitPattern: address.low))
    }

    mutating func add(_ prefixes: [IPPrefix]) {
        add(prefixes.count)
        for prefix in prefixes {
            add(prefix.address)
            add(prefix.length)
        }
    }

    mutating func add(_ values: [Int]) {
        add(values.count)
        for value in values { add(value) }
    }

    /// The digest so far in hexadecimal.
    public func finish() -> String {
        var copy = hash
        let digest = copy.finish()
        var text = ""
        for index in digest.indices {
            let byte = String(digest[index], radix: 16)
            text += byte.count == 1 ? "0" + byte : byte
        }
        return text
    }

    /// Changes whenever the same inputs may lead to another decision.
    static let version = "leptonnet-advice-1"

    static func decision(_ proposal: Proposal) -> String {
        var digest = DecisionDigest()
        digest.add(version)
        digest.add(proposal.what)
        digest.add(proposal.incident ?? "")
        digest.add(proposal.decided)
        digest.add(proposal.lifetime)
        if let rule = proposal.filter { digest.add(rule) }
        if let rule = proposal.shape { digest.add(rule) }
        if let rule = proposal.route { digest.add(rule) }
        digest.add(proposal.reasons.count)
        for reason in proposal.reasons {
            digest.add(reason.feature)
            for value in [reason.value, reason.expected, reason.score] { digest.add(value) }
        }
        digest.add(proposal.gains.count)
        for gain in proposal.gains {
            digest.add(gain.figure)
            digest.add(gain.unit)
            digest.add(gain.doingNothing)
            digest.add(gain.predicted)
        }
        digest.add(proposal.handshakes)
        digest.add(proposal.blastRadius)
        digest.add([proposal.harmBound.normalRate, proposal.harmBound.seconds, proposal.harmBound.rateLeft])
        digest.add(proposal.inputs.site)
        digest.add(proposal.inputs.flows)
        digest.add(proposal.inputs.windowStart)
        digest.add(proposal.inputs.windowEnd)
        digest.add(proposal.sample)
        return String(digest.finish().prefix(32))
    }

    private mutating func add(_ rule: FilterRule) {
        add("filter")
        add(rule.sources)
        add(rule.destinations)
        add(rule.transport.map(Int.init) ?? -1)
        add(rule.sourcePort.map(Int.init) ?? -1)
        add(rule.destinationPort.map(Int.init) ?? -1)
        add(rule.effect.rawValue)
        add(rule.rate)
        add(rule.unit.rawValue)
    }

    private mutating func add(_ rule: ShapeRule) {
        add("shape")
        add(rule.paths.count)
        for path in rule.paths {
            add(path.path)
            add(path.rate)
            add(path.guarantees)
            add(path.ceilings)
        }
        add(rule.quarantined)
    }

    private mutating func add(_ rule: RouteRule) {
        add("route")
        add(rule.weights.count)
        for weight in rule.weights {
            add(weight.path)
            add(weight.weight)
        }
        add(rule.destinations)
    }

    private mutating func add(_ radius: BlastRadius) {
        add([
            radius.seconds, radius.flows, radius.flowsMatched, radius.flowsHit, radius.hostsHit, radius.packetsMatched,
            radius.bytesMatched, radius.packetsDropped, radius.bytesDropped, radius.flowsScored, radius.flowsNormal,
            radius.normalBytesDropped,
        ])
    }

    private mutating func add(_ sample: TrafficSample) {
        add(sample.seconds)
        add(sample.streams.count)
        for stream in sample.streams {
            add([stream.source, stream.destination])
            add([Int(stream.transport), Int(stream.sourcePort), Int(stream.destinationPort), Int(stream.codePoint)])
            add(stream.packets)
            add(stream.bytes)
        }
    }
}
