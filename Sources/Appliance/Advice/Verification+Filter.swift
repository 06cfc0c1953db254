// Proof of a filter: the sample's packets through the kernel's rule.

import Advice
import Enforcement
import NetTypes

extension Verification {
    private static let proof = "leptonnet_proof"

    /// The sample as packets: one frame for each stream and second, and when copies of it leave.
    private struct Plan {
        var frames: [[UInt8]] = []
        var departures: [PacketSender.Departure] = []
        var matched = RuleReplay.Impact()
        var packets = 0
        /// Bytes of the longest packet that takes from a bucket: a bucket passes whole packets, so a limit may be off by one.
        var longest = 0.0
    }

    func prove(_ rule: FilterRule) throws(EnforcementError) -> (comparisons: [Comparison], isRestored: Bool) {
        try NetworkSandbox.addPair("probe0", "probe1")
        let plan = try plan(rule)
        guard plan.matched.packetsMatched > 0 else {
            throw EnforcementError("the recommendation carries no traffic that matches its rule")
        }
        // Counts what comes in front of the rule and what is left behind it, told from other packets by its sender.
        var counting = "table inet \(Self.proof) {\n"
        for (name, priority) in [("before", -310), ("after", -290)] {
            counting +=
                "counter count_\(name) { }\nchain \(name) {\ntype filter hook prerouting priority \(priority);\n"
            counting += "ether saddr 02:00:00:00:00:01 counter name count_\(name)\n}\n"
        }
        try Program.nft.require(["-f", "-"], input: counting + "}\n")
        return try trial(interfaces: ["probe0", "probe1"]) { () throws(EnforcementError) in
            let sender = try PacketSender(interface: "probe0")
            defer { sender.end() }
            let sent = sender.send(plan.departures, of: plan.frames)
            let matched = try Self.counter("matched", of: recommendation.name)
            let dropped = try Self.counter("dropped", of: recommendation.name)
            let before = try Self.counter("count_before", of: Self.proof)
            let after = try Self.counter("count_after", of: Self.proof)
            try Program.nft.require(["reset", "counters"])
            let impact = plan.matched
            return [
                Comparison("packets sent", predicted: Double(plan.packets), counted: sent),
                Comparison("packets arrived", predicted: Double(sent), counted: before.packets),
                Comparison("packets matched", predicted: impact.packetsMatched, counted: matched.packets),
                Comparison("bytes matched", predicted: impact.bytesMatched, counted: matched.bytes),
                Comparison("packets dropped", predicted: impact.packetsDropped, counted: dropped.packets),
                Comparison(
                    "bytes dropped", predicted: impact.bytesDropped, counted: dropped.bytes, deviation: plan.longest),
                Comparison(
                    "packets left alone", predicted: Double(plan.packets) - impact.packetsDropped,
                    counted: after.packets),
            ]
        }
    }

    private func plan(_ rule: FilterRule) throws(EnforcementError) -> Plan {
        let hardware = try PacketSender.hardwareAddress(of: "probe1")
        var plan = Plan()
        var replay = RuleReplay(rule)
        let sample = recommendation.proposal.sample
        for second in 0..<sample.seconds {
            // By the bucket that they take from, nil for what the rule lets alone.
            var copies: [IPAddress?: [Copy]] = [:]
            for (number, stream) in sample.streams.enumerated() where stream.packets[second] > 0 {
                let packets = stream.packets[second]
                let frame = ProbeFrame.bytes(
                    source: stream.source.address, destination: stream.destination.address,
                    transport: stream.transport, sourcePort: stream.sourcePort,
                    destinationPort: stream.destinationPort, codePoint: stream.codePoint,
                    length: min(1500, stream.bytes[second] / packets), to: hardware)
                let bucket = Self.bucket(of: stream, under: rule)
                copies[bucket, default: []] += (0..<packets).map { copy in
                    Copy(place: (Double(copy) + 0.5) / Double(packets), frame: plan.frames.count)
                }
                plan.frames.append(frame)
                plan.packets += packets
                if bucket != nil, rule.effect != .drop {
                    plan.longest = max(plan.longest, Double(frame.count - 14))
                }
                replay.add(
                    second: Int64(second), flow: number, source: stream.source.address,
                    destination: stream.destination.address, transport: stream.transport,
                    sourcePort: stream.sourcePort, destinationPort: stream.destinationPort, packets: packets,
                    bytes: packets * (frame.count - 14))
            }
            for group in copies.values { plan.departures += Self.spread(group, over: second) }
        }
        replay.finish()
        plan.departures.sort { ($0.time, $0.frame) < ($1.time, $1.frame) }
        for (_, impact) in replay.impacts.sorted(by: { $0.key < $1.key }) {
            plan.matched.packetsMatched += impact.packetsMatched
            plan.matched.bytesMatched += impact.bytesMatched
            plan.matched.packetsDropped += impact.packetsDropped
            plan.matched.bytesDropped += impact.bytesDropped
        }
        return plan
    }

    /// One packet of a stream, and where in the second it would leave if there were no other stream.
    private struct Copy {
        let place: Double
        let frame: Int
    }

    private static func bucket(of stream: TrafficSample.Stream, under rule: FilterRule) -> IPAddress? {
        guard
            rule.matches(
                source: stream.source.address, destination: stream.destination.address, transport: stream.transport,
                sourcePort: stream.sourcePort, destinationPort: stream.destinationPort)
        else { return nil }
        return rule.effect == .limitPerSource ? stream.source.address : IPAddress(v4: 0)
    }

    /// Packets of one bucket evenly over a second: a limit sees what the prediction takes for granted, and not the streams
    /// of one host in a row.
    private static func spread(_ copies: [Copy], over second: Int) -> [PacketSender.Departure] {
        let sorted = copies.sorted { ($0.place, $0.frame) < ($1.place, $1.frame) }
        return sorted.enumerated().map { rank, copy in
            PacketSender.Departure(
                time: second * 1_000_000_000 + (2 * rank + 1) * 500_000_000 / sorted.count, frame: copy.frame)
        }
    }
}
