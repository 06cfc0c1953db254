// From an alert to a filter.

import NetTypes

/// Finds the narrowest rule that answers an alert: it limits first, and drops only what goes on behind a proven
/// address.
struct FilterAdvisor {
    let site: Site
    let history: FlowHistory
    /// Whether nobody looks at a rule before it is applied: one host is then limited only for what it sends in plenty.
    var actsAlone = false

    /// Packets that one host must have sent in some second of the evidence to be limited by nobody's decision. A client that
    /// browses, calls or streams sends less, and what sends less harms no network within minutes.
    private static let plenty = 50
    /// Seconds in which a flood's port may still show itself before a rule for the whole host is applied by nobody's decision:
    /// the first seconds hold more ordinary traffic than flood, and such a rule would cost more of it than the flood does.
    private static let portPatience: Int64 = 3
    /// Alerts of an incident from which on it counts as going on in spite of a limit.
    private static let alertsUntilDrop = 3
    /// So many sources of one minute make a flood distributed.
    private static let manySources = 16
    /// Seconds before the alert in which its traffic is looked for.
    private static let evidence: Int64 = 60
    /// Seconds before the alert in which a flood has begun.
    private static let onset: Int64 = 2
    /// Traffic of shorter packets than this is limited by their number.
    fileprivate static let shortPackets = 200
    /// A share of bytes that stands for all.
    private static let dominant = 0.9

    /// What an alert's traffic looks like.
    private struct Attack {
        var bytes = 0
        var packets = 0
        var sources: [IPAddress: Int] = [:]
        var targets: [IPAddress: Int] = [:]
        var transports: [UInt8: Int] = [:]
        var sourcePorts: [UInt16: Int] = [:]
        var targetPorts: [UInt16: Int] = [:]
        /// Packets of each second.
        var pace: [Int64: Int] = [:]
        /// Handshakes that the alert's source completed as client.
        var handshakes = 0

        var unit: FilterRule.Unit { packets > 0 && bytes / packets < FilterAdvisor.shortPackets ? .packets : .bits }
    }

    /// The rule for an alert and the handshakes behind it; nil when no filter answers it.
    func rule(for alert: Alert, before end: Int64) -> (rule: FilterRule, handshakes: Int)? {
        // What has no transport is ARP: no filter of the network layer reaches it.
        guard alert.transport != 0, alert.source.isIPv6 == alert.target.isIPv6 else { return nil }
        let isFlood = { (flow: ObservedFlow) in
            flow.server == alert.target && flow.transport == alert.transport && !flow.isConfirmed
        }
        // A flood is what came with the alert: a minute of ordinary traffic before it would hide its ports.
        var flood = attack(since: alert.time.seconds - Self.onset, before: end, isFlood)
        if flood.sources.count < Self.manySources {
            flood = attack(since: end - Self.evidence, before: end, isFlood)
        }
        var rule: FilterRule
        var handshakes = 0
        if flood.sources.count >= Self.manySources {
            rule = FilterRule(
                sources: [], destinations: [IPPrefix(alert.target)], transport: alert.transport, effect: .limit, rate: 0
            )
            addPorts(of: flood, to: &rule)
            let hasPorts = rule.sourcePort != nil || rule.destinationPort != nil
            if actsAlone, !hasPorts, end < alert.time.seconds + Self.portPatience { return nil }
            rule.unit = flood.unit
        } else {
            let own = attack(since: end - Self.evidence, before: end) {
                $0.client == alert.source && $0.transport == alert.transport
            }
            if actsAlone, (own.pace.values.max() ?? 0) < Self.plenty { return nil }
            rule = FilterRule(
                sources: [IPPrefix(alert.source)], destinations: [], transport: alert.transport, effect: .limit, rate: 0
            )
            if let target = Self.dominant(own.targets, of: own.bytes),
                site.protected.kind(touching: IPPrefix(target)) == nil
            {
                rule.destinations = [IPPrefix(target)]
            }
            addPorts(of: own, to: &rule)
            rule.unit = own.unit
            handshakes = own.handshakes
        }
        if handshakes > 0, alert.alertCount >= Self.alertsUntilDrop, alert.severity <= 2,
            alert.transport == IPProtocol.tcp
        {
            rule.effect = .drop
            rule.unit = .bits
            return (rule, handshakes)
        }
        rule.rate = rate(for: rule, before: end)
        return (rule, handshakes)
    }

    /// What ordinary traffic of the rule needs in all but its busiest seconds, and half as much again.
    private func rate(for rule: FilterRule, before end: Int64) -> Int {
        let isByBits = rule.unit == .bits
        let floor = isByBits ? site.limits.rateFloor : FilterRule.packetFloor(rateFloor: site.limits.rateFloor)
        guard let seconds = history.seconds(before: end) else { return floor }
        var amounts: [Int64: Int] = [:]
        for sample in history.samples(in: seconds) where history.flows[sample.flow].isNormal {
            let transport = history.flows[sample.flow].transport
            history.forEachDirection(of: sample) { source, sourcePort, destination, destinationPort, packets, bytes in
                if rule.matches(
                    source: source, destination: destination, transport: transport, sourcePort: sourcePort,
                    destinationPort: destinationPort)
                {
                    amounts[sample.second, default: 0] += isByBits ? bytes * 8 : packets
                }
            }
        }
        let sorted = amounts.values.sorted()
        guard !sorted.isEmpty else { return floor }
        let high = sorted[min(sorted.count - 1, sorted.count * 95 / 100)]
        // Whole kbit/s are easier to read.
        return max(floor, isByBits ? (high * 3 / 2 + 999) / 1000 * 1000 : high * 3 / 2)
    }

    private func attack(since start: Int64, before end: Int64, _ isPart: (ObservedFlow) -> Bool) -> Attack {
        var attack = Attack()
        guard let seconds = history.seconds(before: end) else { return attack }
        var known: Set<Int> = []
        for sample in history.samples(in: max(seconds.lowerBound, min(start, end - 1))..<end) {
            let flow = history.flows[sample.flow]
            guard isPart(flow), sample.packetsToServer > 0 else { continue }
            attack.bytes += sample.bytesToServer
            attack.packets += Int(sample.packetsToServer)
            attack.pace[sample.second, default: 0] += Int(sample.packetsToServer)
            attack.sources[flow.client, default: 0] += sample.bytesToServer
            attack.targets[flow.server, default: 0] += sample.bytesToServer
            attack.sourcePorts[flow.clientPort, default: 0] += sample.bytesToServer
            attack.targetPorts[flow.serverPort, default: 0] += sample.bytesToServer
            if flow.isConfirmed, known.insert(sample.flow).inserted { attack.handshakes += 1 }
        }
        return attack
    }

    private func addPorts(of attack: Attack, to rule: inout FilterRule) {
        guard rule.transport == IPProtocol.tcp || rule.transport == IPProtocol.udp else { return }
        rule.destinationPort = Self.dominant(attack.targetPorts, of: attack.bytes)
        // One port of many sources is a reflected service; one port of one source is chance.
        if rule.sources.isEmpty { rule.sourcePort = Self.dominant(attack.sourcePorts, of: attack.bytes) }
    }

    /// The one that has nearly all of the bytes.
    private static func dominant<Key>(_ shares: [Key: Int], of bytes: Int) -> Key? {
        shares.first { Double($0.value) >= dominant * Double(max(1, bytes)) }?.key
    }
}
