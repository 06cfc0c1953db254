// What the appliance cannot see by itself: the site around it.

import NetTypes

/// Everything an operator says about a site; read from `site.yaml`.
public struct Site: Sendable, Hashable {
    /// Ranges of the site's own hosts: traffic from them to elsewhere leaves by `paths`.
    public var networks: [IPPrefix] = []
    public var protected = ProtectedHosts()
    public var paths: [SitePath] = []
    /// What routes over `paths` are for; never a default route.
    public var destinations: [IPPrefix] = []
    /// One for each traffic class, in the order of `SiteClass.names`.
    public var classes = SiteClass.defaults
    public var limits = SiteLimits()
    public var routing = SiteRouting()
    /// What BGP renderings need; nil when the site speaks none.
    public var bgp: SiteBGP?
    public var mode = AdviceMode.suggest

    public init() {}

    /// The path of that name.
    func path(_ name: String) -> SitePath? { paths.first { $0.name == name } }
}

/// What happens to recommendations.
public enum AdviceMode: String, CaseIterable, Sendable {
    /// They are logged, one line each.
    case observe
    /// They are printed with everything that is needed to apply them by hand.
    case suggest
    /// They are applied, verified, and undone at their end.
    case auto
}

/// Hosts that no rule may name.
public struct ProtectedHosts: Sendable, Hashable {
    /// Addresses of the appliance and of the router it runs on.
    public var own: [IPPrefix] = []
    public var gateways: [IPPrefix] = []
    public var dns: [IPPrefix] = []
    public var management: [IPPrefix] = []
    public var allowed: [IPPrefix] = []

    public init() {}

    /// Which kind of protected host a range touches, nil for none.
    public func kind(touching range: IPPrefix) -> String? {
        let kinds: [(String, [IPPrefix])] = [
            ("own address", own), ("gateway", gateways), ("DNS server", dns), ("management host", management),
            ("allow-listed host", allowed),
        ]
        for (name, ranges) in kinds {
            if let hit = ranges.first(where: { $0.overlaps(range) }) { return "\(name) \(hit)" }
        }
        return nil
    }
}

/// One way out of the site.
public struct SitePath: Sendable, Hashable {
    public var name: String
    public var interface: String
    public var nextHop: IPAddress
    /// Bit/s by contract.
    public var rate: Int
    /// One-way delay to the other end, microseconds.
    public var delay: Int

    public init(name: String, interface: String, nextHop: IPAddress, rate: Int, delay: Int) {
        self.name = name
        self.interface = interface
        self.nextHop = nextHop
        self.rate = rate
        self.delay = delay
    }

    /// The most paths that a site may have, which is also what the scheduler computes with.
    public static let most = 8

    /// Whether a name can stand in a file that another program reads: 1 to 15 letters, digits, `.`, `_` or `-`.
    public static func isSafe(_ name: String) -> Bool {
        (1...15).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 46 || $0 == 95
                    || $0 == 45
            } && !name.hasPrefix("-") && !name.hasPrefix(".")
    }
}

/// Bounds that recommendations keep.
public struct SiteLimits: Sendable, Hashable {
    /// Most rules in force at once.
    public var rules = 32
    /// The widest ranges that a filter may name.
    public var shortestPrefixIPv4 = 24
    public var shortestPrefixIPv6 = 56
    /// No limit is below this many bit/s.
    public var rateFloor = 64_000
    /// Seconds that a recommendation holds by default, and at most.
    public var lifetime = 900
    public var longestLifetime = 14_400
    /// Seconds of past traffic that a rule is tried on.
    public var window = 300

    public init() {}
}

/// The nexthop group that spreads traffic over the paths.
public struct SiteRouting: Sendable, Hashable {
    public enum Kind: String, CaseIterable, Sendable {
        /// Flows of a bucket stay where they are when weights change.
        case resilient
        case weighted
    }

    /// Identifier of the group; its members take the numbers after it.
    public var group = 7100
    public var kind = Kind.resilient
    public var buckets = 128
    /// Seconds without a packet after which a bucket may move.
    public var idleTimer = 60

    public init() {}
}

/// The BGP session that renderings are written for.
public struct SiteBGP: Sendable, Hashable {
    public var neighbor: IPAddress
    public var localAddress: IPAddress
    public var localAS: Int
    public var peerAS: Int
    /// Where blackholed traffic is sent, by version; nil when the site has no such address.
    public var blackholeIPv4: IPAddress?
    public var blackholeIPv6: IPAddress?

    public init(
        neighbor: IPAddress, localAddress: IPAddress, localAS: Int, peerAS: Int, blackholeIPv4: IPAddress?,
        blackholeIPv6: IPAddress?
    ) {
        self.neighbor = neighbor
        self.localAddress = localAddress
        self.localAS = localAS
        self.peerAS = peerAS
        self.blackholeIPv4 = blackholeIPv4
        self.blackholeIPv6 = blackholeIPv6
    }
}
