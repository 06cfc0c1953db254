// Filters for upstream routers, by BGP.

import NetTypes

extension Recommendation {
    /// A configuration for ExaBGP: FlowSpec (RFC 8955, 8956) for every filter, and for drops a blackhole route for the
    /// source (RFC 5635, 7999), which acts where reverse-path checks do. Nil without a filter or a session.
    ///
    /// BGP knows no lifetime: whoever announces this withdraws it at its end.
    var exabgp: String? {
        guard let rule = proposal.filter, let bgp = site.bgp else { return nil }
        var lines = header("#")
        lines += [
            "neighbor \(bgp.neighbor) {",
            "\trouter-id \(bgp.localAddress.isIPv6 ? "192.0.2.1" : "\(bgp.localAddress)");",
            "\tlocal-address \(bgp.localAddress);", "\tlocal-as \(bgp.localAS);", "\tpeer-as \(bgp.peerAS);",
            "\tfamily {", "\t\tipv4 unicast;", "\t\tipv4 flow;", "\t\tipv6 unicast;", "\t\tipv6 flow;", "\t}",
        ]
        if rule.effect == .drop, let hop = blackhole(rule, bgp) {
            lines.append("\tstatic {")
            for source in rule.sources {
                // BLACKHOLE (RFC 7999) and NO_EXPORT.
                lines.append("\t\troute \(source.longDescription) next-hop \(hop) community [65535:666 65535:65281];")
            }
            lines.append("\t}")
        }
        lines.append("\tflow {")
        let sources: [IPPrefix?] = rule.sources.isEmpty ? [nil] : rule.sources
        let destinations: [IPPrefix?] = rule.destinations.isEmpty ? [nil] : rule.destinations
        var number = 0
        for source in sources {
            for destination in destinations {
                lines += flowRoute(rule, source, destination, number)
                number += 1
            }
        }
        return (lines + ["\t}", "}"]).joined(separator: "\n") + "\n"
    }

    private func flowRoute(_ rule: FilterRule, _ source: IPPrefix?, _ destination: IPPrefix?, _ number: Int) -> [String]
    {
        var lines = ["\t\troute \(name)_\(number) {", "\t\t\tmatch {"]
        func match(_ text: String) { lines.append("\t\t\t\t\(text);") }
        // ExaBGP wants IPv6 prefixes with an offset.
        func range(_ prefix: IPPrefix) -> String { prefix.longDescription + (prefix.isIPv6 ? "/0" : "") }
        if let source { match("source \(range(source))") }
        if let destination { match("destination \(range(destination))") }
        let isIPv6 = (source ?? destination)?.isIPv6 ?? false
        if let transport = rule.transport { match("\(isIPv6 ? "next-header" : "protocol") =\(transport)") }
        if let port = rule.sourcePort { match("source-port =\(port)") }
        if let port = rule.destinationPort { match("destination-port =\(port)") }
        // FlowSpec has no limit per source; its limits are bytes a second for all that matches. A limit in packets becomes
        // one for packets of full length, which is never stricter.
        let bytes = rule.unit == .bits ? rule.perSecond : rule.perSecond * 1500
        let action = rule.effect == .drop ? "discard" : "rate-limit \(bytes)"
        return lines + ["\t\t\t}", "\t\t\tthen {", "\t\t\t\t\(action);", "\t\t\t}", "\t\t}"]
    }

    private func blackhole(_ rule: FilterRule, _ bgp: SiteBGP) -> IPAddress? {
        rule.sources.first?.isIPv6 == true ? bgp.blackholeIPv6 : bgp.blackholeIPv4
    }

    /// Lines for FRR: blackhole routes for the sources of a drop. FRR takes FlowSpec in but does not originate it, so
    /// limits have no form here. Nil where there is none.
    var frr: String? {
        guard let rule = proposal.filter, rule.effect == .drop, let bgp = site.bgp, let hop = blackhole(rule, bgp)
        else {
            return nil
        }
        let isIPv6 = rule.sources.first?.isIPv6 == true
        let tag = 2_666
        var lines = header("!")
        lines += rule.sources.map { "\(isIPv6 ? "ipv6" : "ip") route \($0.longDescription) Null0 tag \(tag)" }
        lines += [
            "route-map leptonnet-blackhole permit 10", " match tag \(tag)", " set community blackhole no-export",
            isIPv6 ? " set ipv6 next-hop global \(hop)" : " set ip next-hop \(hop)", "exit",
            "router bgp \(bgp.localAS)",
            " address-family \(isIPv6 ? "ipv6" : "ipv4") unicast",
            "  redistribute static route-map leptonnet-blackhole", " exit-address-family", "exit",
        ]
        return lines.joined(separator: "\n") + "\n"
    }
}
