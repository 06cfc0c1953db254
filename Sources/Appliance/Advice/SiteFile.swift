// The site file: reading it, and naming its mistakes by line.

import Advice
import Configuration
import NetTypes

/// `site.yaml` as an operator writes it.
public struct SiteFile: Sendable {
    let site: Site
    /// The file as the user named it.
    public let path: String

    /// Reads a site file.
    ///
    /// - Throws: `UserError` with file, line and mend for the first mistake.
    public init(path: String) throws(UserError) {
        let bytes = try FileBytes.read(path, expecting: "a site file; `leptonnet config example site` prints one")
        do {
            site = try Self.site(ConfigurationNode(parsing: String(decoding: bytes, as: UTF8.self), path: path))
        } catch {
            throw UserError("\(error)")
        }
        self.path = path
    }

    /// What the file says in one line, for `config check`.
    public var summary: String {
        "\(path): \(site.paths.count) paths, \(site.destinations.count) destinations, no mistake"
    }

    /// Keys of the first level.
    static let keys = ["mode", "networks", "protected", "paths", "destinations", "classes", "limits", "routing", "bgp"]

    /// The site that a parsed file describes.
    static func site(_ root: ConfigurationNode) throws(ConfigurationError) -> Site {
        try root.allow(keys)
        var site = Site()
        if let node = try root.value("mode") {
            let text = try node.text()
            guard let mode = AdviceMode(rawValue: text) else {
                throw node.error("'\(text)' is no mode; write observe, suggest or auto")
            }
            site.mode = mode
        }
        if let node = try root.value("networks") { site.networks = try node.prefixes() }
        guard let node = try root.value("protected") else {
            throw root.error("expected `protected`: own addresses, gateways and dns, which no rule may name")
        }
        site.protected = try protected(node)
        if let node = try root.value("limits") { site.limits = try limits(node) }
        if let node = try root.value("paths") { site.paths = try paths(node, floor: site.limits.rateFloor) }
        if let node = try root.value("classes") { try readClasses(node, into: &site) }
        if let node = try root.value("routing") { site.routing = try routing(node) }
        if let node = try root.value("bgp") { site.bgp = try bgp(node) }
        if let node = try root.value("destinations") { try readDestinations(node, into: &site) }
        return site
    }

    private static func protected(_ node: ConfigurationNode) throws(ConfigurationError) -> ProtectedHosts {
        try node.allow(["own", "gateways", "dns", "management", "allow"])
        var hosts = ProtectedHosts()
        for key in ["own", "gateways", "dns"] where try node.value(key) == nil {
            throw node.error("expected `\(key)` here; write [] if there is none")
        }
        if let value = try node.value("own") { hosts.own = try value.prefixes() }
        if let value = try node.value("gateways") { hosts.gateways = try value.prefixes() }
        if let value = try node.value("dns") { hosts.dns = try value.prefixes() }
        if let value = try node.value("management") { hosts.management = try value.prefixes() }
        if let value = try node.value("allow") { hosts.allowed = try value.prefixes() }
        return hosts
    }

    private static func paths(_ node: ConfigurationNode, floor: Int) throws(ConfigurationError) -> [SitePath] {
        var paths: [SitePath] = []
        for element in try node.elements() {
            try element.allow(["name", "interface", "next-hop", "rate", "delay"])
            let name = try element.required("name")
            let interface = try element.required("interface")
            let hop = try element.required("next-hop")
            let rate = try element.required("rate")
            for part in [name, interface] where !SitePath.isSafe(try part.text()) {
                throw part.error("'\(try part.text())' must be 1 to 15 letters, digits, '.', '_' or '-'")
            }
            var path = SitePath(
                name: try name.text(), interface: try interface.text(), nextHop: try hop.address(),
                rate: try rate.bitRate(), delay: 0)
            if let delay = try element.value("delay") { path.delay = try delay.microseconds() }
            guard path.rate >= floor else { throw rate.error("a path carries at least the rate floor, \(floor) bit/s") }
            guard !paths.contains(where: { $0.name == path.name || $0.interface == path.interface }) else {
                throw name.error("another path has this name or this interface already")
            }
            guard paths.allSatisfy({ $0.nextHop.isIPv6 == path.nextHop.isIPv6 }) else {
                throw hop.error("all next hops must be of one version of IP")
            }
            paths.append(path)
        }
        guard paths.count <= SitePath.most else { throw node.error("at most \(SitePath.most) paths") }
        return paths
    }

    private static func readDestinations(
        _ node: ConfigurationNode, into site: inout Site
    ) throws(ConfigurationError) {
        for element in try node.elements() {
            let range = try element.prefix()
            let shortest = Gate.shortestRoute(isIPv6: range.isIPv6)
            guard range.length >= shortest else {
                throw element.error(
                    "\(range) is wider than /\(shortest); no route of leptonnet acts as a default route")
            }
            if let kind = site.protected.kind(touching: range) {
                throw element.error("\(range) touches the \(kind); name ranges without it")
            }
            guard site.paths.allSatisfy({ $0.nextHop.isIPv6 == range.isIPv6 }) else {
                throw element.error("\(range) and the next hops are of different versions of IP")
            }
            guard !site.destinations.contains(range) else { throw element.error("\(range) stands here twice") }
            site.destinations.append(range)
        }
    }

    private static func limits(_ node: ConfigurationNode) throws(ConfigurationError) -> SiteLimits {
        try node.allow([
            "rules", "widest-ipv4", "widest-ipv6", "rate-floor", "lifetime", "longest-lifetime", "window",
        ])
        var limits = SiteLimits()
        if let value = try node.value("rules") { limits.rules = try value.integer(in: 1...1024) }
        if let value = try node.value("widest-ipv4") { limits.shortestPrefixIPv4 = try value.integer(in: 8...32) }
        if let value = try node.value("widest-ipv6") { limits.shortestPrefixIPv6 = try value.integer(in: 32...128) }
        if let value = try node.value("rate-floor") {
            limits.rateFloor = try value.bitRate()
            guard limits.rateFloor >= 8_000 else { throw value.error("a floor below 8kbit is none") }
        }
        if let value = try node.value("longest-lifetime") {
            limits.longestLifetime = try value.seconds()
            guard limits.longestLifetime <= 604_800 else { throw value.error("at most a week (7d)") }
            limits.lifetime = min(limits.lifetime, limits.longestLifetime)
        }
        if let value = try node.value("lifetime") {
            limits.lifetime = try value.seconds()
            guard limits.lifetime <= limits.longestLifetime else {
                throw value.error("longer than longest-lifetime, which is \(limits.longestLifetime)s")
            }
        }
        if let value = try node.value("window") {
            limits.window = try value.seconds()
            guard limits.window <= 3600 else { throw value.error("a window is at most an hour (1h)") }
        }
        return limits
    }

    private static func routing(_ node: ConfigurationNode) throws(ConfigurationError) -> SiteRouting {
        try node.allow(["group", "kind", "buckets", "idle-timer"])
        var routing = SiteRouting()
        if let value = try node.value("group") { routing.group = try value.integer(in: 1...0x7fff_0000) }
        if let value = try node.value("kind") {
            let text = try value.text()
            guard let kind = SiteRouting.Kind(rawValue: text) else {
                throw value.error("'\(text)' is no kind of group; write resilient or weighted")
            }
            routing.kind = kind
        }
        if let value = try node.value("buckets") { routing.buckets = try value.integer(in: 8...65_535) }
        if let value = try node.value("idle-timer") { routing.idleTimer = try value.seconds() }
        return routing
    }

    private static func bgp(_ node: ConfigurationNode) throws(ConfigurationError) -> SiteBGP {
        try node.allow(["neighbor", "local-address", "local-as", "peer-as", "blackhole-ipv4", "blackhole-ipv6"])
        let neighbor = try node.required("neighbor").address()
        let local = try node.required("local-address")
        guard try local.address().isIPv6 == neighbor.isIPv6 else {
            throw local.error("neighbor and local-address are of different versions of IP")
        }
        var blackholes: [IPAddress?] = [nil, nil]
        for (index, key) in ["blackhole-ipv4", "blackhole-ipv6"].enumerated() {
            guard let value = try node.value(key) else { continue }
            let address = try value.address()
            guard address.isIPv6 == (index == 1) else { throw value.error("\(key) is of the other version of IP") }
            blackholes[index] = address
        }
        return SiteBGP(
            neighbor: neighbor, localAddress: try local.address(),
            localAS: try node.required("local-as").integer(in: 1...4_294_967_294),
            peerAS: try node.required("peer-as").integer(in: 1...4_294_967_294), blackholeIPv4: blackholes[0],
            blackholeIPv6: blackholes[1])
    }
}
