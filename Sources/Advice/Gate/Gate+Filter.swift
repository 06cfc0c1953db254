// Invariants of rules that limit or drop packets.

import NetTypes

extension Gate {
    func check(_ rule: FilterRule, handshakes: Int) throws(Refusal) {
        let ranges = rule.sources + rule.destinations
        guard !ranges.isEmpty else {
            throw Refusal(.defaultRoute, "a rule without source and destination would hit everybody")
        }
        guard ranges.count <= Self.mostRanges else {
            throw Refusal(.form, "a rule names at most \(Self.mostRanges) ranges, not \(ranges.count)")
        }
        guard ranges.allSatisfy({ $0.isIPv6 == ranges[0].isIPv6 }) else {
            throw Refusal(.form, "a rule is for IPv4 or for IPv6, not for both")
        }
        try checkDisjoint(rule.sources)
        try checkDisjoint(rule.destinations)
        for range in ranges { try check(range) }
        let hasPort = rule.sourcePort != nil || rule.destinationPort != nil
        guard !hasPort || rule.transport == IPProtocol.tcp || rule.transport == IPProtocol.udp else {
            throw Refusal(.form, "ports belong to TCP or UDP; name the protocol")
        }
        switch rule.effect {
        case .drop: try checkDrop(rule, handshakes: handshakes)
        case .limit, .limitPerSource:
            let floor = site.limits.rateFloor
            let least = rule.unit == .bits ? floor : FilterRule.packetFloor(rateFloor: floor)
            guard rule.rate >= least else {
                throw Refusal(.rateFloor, "\(rule.rate) \(rule.unit)/s is below the site's floor of \(least)")
            }
            guard rule.rate <= 1_000_000_000_000 else { throw Refusal(.form, "a limit above 10^12 a second is none") }
        }
    }

    /// A range that a filter or a quarantine may name.
    func check(_ range: IPPrefix) throws(Refusal) {
        guard range.length > 0 else { throw Refusal(.defaultRoute, "\(range) is a default route") }
        let shortest = range.isIPv6 ? site.limits.shortestPrefixIPv6 : site.limits.shortestPrefixIPv4
        guard range.length >= shortest else {
            throw Refusal(.prefixSize, "\(range) is wider than /\(shortest), the widest range the site allows")
        }
        if let kind = site.protected.kind(touching: range) {
            throw Refusal(.protectedHost, "\(range) touches the \(kind), which no rule may name")
        }
        if let special = Self.special.first(where: { $0.overlaps(range) }) {
            throw Refusal(.specialAddress, "\(range) lies in \(special), which no host on the network has")
        }
    }

    /// nftables refuses a set whose ranges overlap.
    private func checkDisjoint(_ ranges: [IPPrefix]) throws(Refusal) {
        let sorted = ranges.sorted()
        for (range, next) in zip(sorted, sorted.dropFirst()) where range.overlaps(next) {
            throw Refusal(.form, "\(range) and \(next) overlap; name the wider one alone")
        }
    }

    /// Only a source that has answered from its own address, by the protocol in question, may be dropped.
    private func checkDrop(_ rule: FilterRule, handshakes: Int) throws(Refusal) {
        guard rule.rate == 0 else { throw Refusal(.form, "a drop has no rate") }
        guard !rule.sources.isEmpty else {
            throw Refusal(.spoofable, "a drop without a source would cut its destination off; limit it instead")
        }
        guard rule.sources.allSatisfy(\.isHost) else {
            throw Refusal(.spoofable, "a drop names single hosts; nobody vouches for the rest of a range")
        }
        guard rule.transport == IPProtocol.tcp else {
            throw Refusal(.spoofable, "only TCP proves a source; others may be forged and are limited, never blocked")
        }
        guard handshakes >= rule.sources.count else {
            throw Refusal(
                .spoofable, "no completed handshake for each source; it may be forged and is limited, never blocked")
        }
    }

    /// Unspecified, loopback, link-local, multicast, reserved and broadcast ranges (RFC 6890), and IPv4 within IPv6.
    static let special: [IPPrefix] = [
        "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "::/96", "::ffff:0:0/96",
        "fe80::/10", "ff00::/8",
    ].map { IPPrefix($0)! }
}
