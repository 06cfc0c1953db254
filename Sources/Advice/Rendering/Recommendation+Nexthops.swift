// Weighted paths for ip.

import NetTypes

extension Recommendation {
    /// A nexthop group and routes that use it, for `ip -batch`; nil when it routes nothing. Applied a second time, it
    /// changes weights in place: flows of a resilient group stay where they are until their bucket is idle.
    var nexthops: String? {
        guard let rule = proposal.route else { return nil }
        let mark = "proto \(OwnershipMark.routingProtocol)"
        var lines = header("#")
        var members: [String] = []
        for (path, id) in Self.members(site) {
            guard let weight = rule.weights.first(where: { $0.path == path.name })?.weight, weight > 0 else { continue }
            lines.append("nexthop replace id \(id) via \(path.nextHop) dev \(path.interface) \(mark)")
            members.append("\(id),\(weight)")
        }
        let group = site.routing.group
        var line = "nexthop replace id \(group) group \(members.joined(separator: "/"))"
        if site.routing.kind == .resilient {
            line +=
                " type resilient buckets \(site.routing.buckets) idle_timer \(site.routing.idleTimer) unbalanced_timer 0"
        }
        lines.append("\(line) \(mark)")
        for range in rule.destinations {
            lines.append(
                "\(range.isIPv6 ? "-6 " : "")route replace \(range.longDescription) nhid \(group) \(mark)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The site's paths and the nexthop identifiers they have.
    static func members(_ site: Site) -> [(path: SitePath, id: Int)] {
        site.paths.enumerated().map { ($1, site.routing.group + 1 + $0) }
    }
}
