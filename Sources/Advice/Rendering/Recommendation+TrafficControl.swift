// Class queues for tc.

import NetTypes

/// Handles of the queues.
private enum QueueHandles {
    static let root = OwnershipMark.queueHandle
    /// Minor numbers of the classes, in the order of `SiteClass.names`.
    static let classes = ["10", "20", "30", "40", "50"]
}

extension Recommendation {
    /// Queues, classes and filters for `tc -batch`; nil when it shapes nothing.
    var trafficControl: String? {
        guard let rule = proposal.shape else { return nil }
        var lines = header("#")
        for shares in rule.paths {
            guard let path = site.path(shares.path) else { continue }
            let device = "dev \(path.interface)"
            lines.append(
                "qdisc add \(device) root handle \(QueueHandles.root) htb default \(QueueHandles.classes[SiteClass.bulk])"
            )
            lines += classLines(shares, device, verb: "add")
            for index in site.classes.indices {
                let bytes = max(3_000, shares.rate / 8 * SiteClass.queueMilliseconds[index] / 1000)
                lines.append(
                    "qdisc add \(device) parent \(QueueHandles.root)\(QueueHandles.classes[index]) bfifo limit \(bytes)"
                )
            }
            lines += filterLines(rule.quarantined, device)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The same classes where the queues are there already: a change in place loses no packet.
    public var trafficControlChange: String? {
        guard let rule = proposal.shape else { return nil }
        var lines = header("#")
        for shares in rule.paths {
            guard let path = site.path(shares.path) else { continue }
            let device = "dev \(path.interface)"
            lines += classLines(shares, device, verb: "change")
            lines.append("filter del \(device) parent \(QueueHandles.root)")
            lines += filterLines(rule.quarantined, device)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func classLines(_ shares: ShapeRule.PathShares, _ device: String, verb: String) -> [String] {
        let root = QueueHandles.root
        var lines = ["class \(verb) \(device) parent \(root) classid \(root)1 htb rate \(shares.rate)bit quantum 1514"]
        for index in site.classes.indices {
            let rate = max(8, Self.share(shares.guarantees[index], of: shares.rate))
            let ceiling = max(rate, Self.share(shares.ceilings[index], of: shares.rate))
            lines.append(
                "class \(verb) \(device) parent \(root)1 classid \(root)\(QueueHandles.classes[index]) htb "
                    + "rate \(rate)bit ceil \(ceiling)bit prio \(index) quantum 1514")
        }
        return lines
    }

    private static func share(_ millionths: Int, of rate: Int) -> Int {
        let (product, overflow) = rate.multipliedReportingOverflow(by: millionths)
        return overflow ? rate / 1_000_000 * millionths : product / 1_000_000
    }

    /// Quarantined sources first, then code points, then ports, for both versions of IP.
    private func filterLines(_ quarantined: [IPPrefix], _ device: String) -> [String] {
        var lines: [String] = []
        func add(_ version: String, _ match: String, _ index: Int) {
            // Filters of one priority match in the order they were added; each protocol needs a priority of its own.
            lines.append(
                "filter add \(device) parent \(QueueHandles.root) protocol \(version) "
                    + "prio \(version == "ipv6" ? 11 : 10) u32 \(match) "
                    + "flowid \(QueueHandles.root)\(QueueHandles.classes[index])")
        }
        for range in quarantined {
            let version = range.isIPv6 ? "ipv6" : "ip"
            add(version, "match \(range.isIPv6 ? "ip6" : "ip") src \(range.longDescription)", SiteClass.quarantine)
        }
        for (index, entry) in site.classes.enumerated() {
            for point in entry.codePoints {
                add("ip", "match ip dsfield 0x\(String(point << 2, radix: 16)) 0xfc", index)
                // The traffic class lies across the first two bytes of an IPv6 header (RFC 8200, section 3).
                let word = String(UInt16(point) << 6, radix: 16)
                add("ipv6", "match u16 0x\(String(repeating: "0", count: 4 - word.count) + word) 0x0fc0 at 0", index)
            }
        }
        for (index, entry) in site.classes.enumerated() {
            for service in entry.services {
                for (version, header) in [("ip", "ip"), ("ipv6", "ip6")] {
                    add(
                        version,
                        "match \(header) protocol \(service.transport) 0xff match \(header) dport \(service.port) 0xffff",
                        index)
                }
            }
        }
        return lines
    }
}
