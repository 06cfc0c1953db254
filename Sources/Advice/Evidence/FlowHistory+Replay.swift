// Rules tried on the history.

import NetTypes

extension FlowHistory {
    /// What a rule would have hit in the window that ends before a second.
    func blastRadius(of rule: FilterRule, before end: Int64) -> (radius: BlastRadius, peakNormalRate: Int) {
        var radius = BlastRadius()
        guard let seconds = seconds(before: end) else { return (radius, 0) }
        var replay = RuleReplay(rule)
        var normalBytes: [Int64: Int] = [:]
        var seen: Set<Int> = []
        for sample in samples(in: seconds) {
            seen.insert(sample.flow)
            let flow = flows[sample.flow]
            guard !flow.isTunnelled else { continue }
            var matched = 0
            forEachDirection(of: sample) { source, sourcePort, destination, destinationPort, packets, bytes in
                replay.add(
                    second: sample.second, flow: sample.flow, source: source, destination: destination,
                    transport: flow.transport, sourcePort: sourcePort, destinationPort: destinationPort,
                    packets: packets, bytes: bytes)
                if flow.isNormal,
                    rule.matches(
                        source: source, destination: destination, transport: flow.transport, sourcePort: sourcePort,
                        destinationPort: destinationPort)
                {
                    matched += bytes
                }
            }
            if matched > 0 { normalBytes[sample.second, default: 0] += matched }
        }
        replay.finish()
        radius.seconds = seconds.count
        radius.flows = seen.count
        radius.count(replay.impacts) { flows[$0] }
        return (radius, (normalBytes.values.max() ?? 0) * 8)
    }

    /// Both directions of a sample as packets on the wire.
    func forEachDirection(
        of sample: Sample,
        _ body: (
            _ source: IPAddress, _ sourcePort: UInt16, _ destination: IPAddress, _ destinationPort: UInt16,
            _ packets: Int, _ bytes: Int
        ) -> Void
    ) {
        let flow = flows[sample.flow]
        if sample.packetsToServer > 0 {
            body(
                flow.client, flow.clientPort, flow.server, flow.serverPort, Int(sample.packetsToServer),
                sample.bytesToServer)
        }
        if sample.packetsToClient > 0 {
            body(
                flow.server, flow.serverPort, flow.client, flow.clientPort, Int(sample.packetsToClient),
                sample.bytesToClient)
        }
    }

    /// Digest of the window's traffic and scores.
    func digest(before end: Int64) -> String {
        var digest = DecisionDigest()
        guard let seconds = seconds(before: end) else { return digest.finish() }
        var known: Set<Int> = []
        for sample in samples(in: seconds) {
            let flow = flows[sample.flow]
            if known.insert(sample.flow).inserted {
                digest.add(flow.client)
                digest.add(flow.server)
                digest.add([Int(flow.transport), Int(flow.clientPort), Int(flow.serverPort), flow.isConfirmed ? 1 : 0])
                digest.add(flow.score ?? -1)
            }
            digest.add(sample.second)
            digest.add([
                Int(sample.packetsToServer), Int(sample.packetsToClient), sample.bytesToServer, sample.bytesToClient,
            ])
        }
        return digest.finish()
    }
}

extension BlastRadius {
    /// Adds up impacts by flow.
    public mutating func count(_ impacts: [Int: RuleReplay.Impact], flow: (Int) -> ObservedFlow) {
        var hosts: Set<IPAddress> = []
        var total = RuleReplay.Impact()
        var normal = 0.0
        // In the order of the flows' numbers, so that sums of fractions come out alike.
        for (number, impact) in impacts.sorted(by: { $0.key < $1.key }) {
            flowsMatched += 1
            total.packetsMatched += impact.packetsMatched
            total.bytesMatched += impact.bytesMatched
            total.packetsDropped += impact.packetsDropped
            total.bytesDropped += impact.bytesDropped
            guard impact.packetsDropped >= 0.5 else { continue }
            let flow = flow(number)
            flowsHit += 1
            hosts.insert(flow.client)
            hosts.insert(flow.server)
            if flow.score != nil { flowsScored += 1 }
            if flow.isNormal {
                flowsNormal += 1
                normal += impact.bytesDropped
            }
        }
        hostsHit = hosts.count
        packetsMatched = Int(total.packetsMatched.rounded())
        bytesMatched = Int(total.bytesMatched.rounded())
        packetsDropped = Int(total.packetsDropped.rounded())
        bytesDropped = Int(total.bytesDropped.rounded())
        normalBytesDropped = Int(normal.rounded())
    }
}
