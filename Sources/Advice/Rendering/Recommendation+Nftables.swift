// Filters for nftables.

import NetTypes

extension Recommendation {
    /// A table of its own for `nft -f`; nil when it is no filter. Applied a second time, it replaces itself.
    ///
    /// Everything hangs on elements with a timeout: when the time is over the kernel forgets them and the rule matches
    /// nothing, even if nobody is left to remove the table.
    var nftables: String? {
        guard let rule = proposal.filter else { return nil }
        let family = (rule.sources + rule.destinations)[0].isIPv6 ? "ip6" : "ip"
        let type = family == "ip6" ? "ipv6_addr" : "ipv4_addr"
        var lines = header("#")
        lines += ["table inet \(name)", "delete table inet \(name)", "table inet \(name) {"]
        for (set, ranges) in [("sources", rule.sources), ("destinations", rule.destinations)] where !ranges.isEmpty {
            let elements = ranges.map { "\($0) timeout \(proposal.lifetime)s" }.joined(separator: ",\n\t\t\t")
            lines += [
                "\tset \(set) {", "\t\ttype \(type)", "\t\tflags interval,timeout", "\t\telements = { \(elements) }",
                "\t}",
            ]
        }
        if rule.effect == .limitPerSource {
            lines += [
                "\tset rates {", "\t\ttype \(type)", "\t\tsize 65535", "\t\tflags dynamic,timeout", "\t\ttimeout 1m",
                "\t}",
            ]
        }
        lines += [
            "\tcounter matched { }", "\tcounter dropped { }", "\tchain filter {",
            "\t\ttype filter hook prerouting priority raw; policy accept;",
            "\t\t"
                + (Self.conditions(rule, family: family) + [Self.action(rule, family: family)]).joined(separator: " "),
            "\t}", "}",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func conditions(_ rule: FilterRule, family: String) -> [String] {
        var conditions: [String] = []
        if !rule.sources.isEmpty { conditions.append("\(family) saddr @sources") }
        if !rule.destinations.isEmpty { conditions.append("\(family) daddr @destinations") }
        if let transport = rule.transport {
            conditions.append("meta l4proto \(transport)")
            if let port = rule.sourcePort { conditions.append("th sport \(port)") }
            if let port = rule.destinationPort { conditions.append("th dport \(port)") }
        }
        return conditions
    }

    private static func action(_ rule: FilterRule, family: String) -> String {
        let unit = rule.unit == .bits ? " bytes" : ""
        let limit =
            "limit rate over \(rule.perSecond)\(unit)/second burst \(rule.burst)\(rule.unit == .bits ? " bytes" : " packets")"
        switch rule.effect {
        case .limit: return "counter name matched \(limit) counter name dropped drop"
        case .limitPerSource:
            return "counter name matched update @rates { \(family) saddr \(limit) } counter name dropped drop"
        case .drop: return "counter name matched counter name dropped drop"
        }
    }
}

extension Recommendation {
    /// What the change is, as comment lines.
    func header(_ mark: String) -> [String] {
        [
            "\(mark) \(Self.plain(proposal.what))",
            "\(mark) decision \(decision); holds \(proposal.lifetime) s from when it is applied",
            "\(mark) undo: \(undo.joined(separator: "; "))",
        ]
    }

    /// Text that cannot end a comment or a string in any of the languages: printable ASCII without quotation marks,
    /// backslashes and semicolons.
    static func plain(_ text: String) -> String {
        String(
            decoding: text.utf8.prefix(200).map { byte in
                (0x20..<0x7f).contains(byte) && byte != 0x22 && byte != 0x27 && byte != 0x5c && byte != 0x3b
                    ? byte : UInt8(ascii: "?")
            }, as: UTF8.self)
    }

    /// Commands that take the change back, for an operator's shell.
    public var undo: [String] {
        if proposal.filter != nil { return ["nft delete table inet \(name)"] }
        if let rule = proposal.shape {
            return rule.paths.compactMap { site.path($0.path) }.map { "tc qdisc del dev \($0.interface) root" }
        }
        let members = Self.members(site)
        return ["ip nexthop del id \(site.routing.group)"] + members.map { "ip nexthop del id \($0.id)" }
    }
}
