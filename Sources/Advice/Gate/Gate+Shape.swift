// Invariants of queues and routes.

import NetTypes

extension Gate {
    func check(_ rule: ShapeRule) throws(Refusal) {
        guard !rule.paths.isEmpty else { throw Refusal(.form, "no path to shape") }
        try checkPaths(rule.paths.map(\.path))
        for shares in rule.paths { try check(shares) }
        guard rule.quarantined.count <= Self.mostRanges else {
            throw Refusal(.form, "at most \(Self.mostRanges) sources are quarantined at once")
        }
        for range in rule.quarantined { try check(range) }
    }

    private func check(_ shares: ShapeRule.PathShares) throws(Refusal) {
        guard let path = site.path(shares.path) else { throw Refusal(.unknownPath, "no such path") }
        guard shares.rate >= site.limits.rateFloor else {
            throw Refusal(.rateFloor, "\(shares.rate) bit/s is below the site's floor of \(site.limits.rateFloor)")
        }
        guard shares.rate <= path.rate else {
            throw Refusal(.form, "\(path.name) has \(path.rate) bit/s by contract, not \(shares.rate)")
        }
        guard shares.guarantees.count == site.classes.count, shares.ceilings.count == site.classes.count else {
            throw Refusal(.form, "one guarantee and one ceiling for each class")
        }
        for index in site.classes.indices {
            let name = SiteClass.names[index]
            let floor = min(Self.floors[index], site.classes[index].guarantee)
            guard shares.guarantees[index] >= floor else {
                throw Refusal(.classFloor, "\(name) has less than its floor of \(floor / 10_000) %")
            }
            guard shares.guarantees[index] <= 1_000_000, shares.ceilings[index] <= 1_000_000,
                shares.ceilings[index] >= shares.guarantees[index]
            else { throw Refusal(.classFloor, "\(name) has a ceiling below its guarantee or a share above all") }
        }
        guard shares.guarantees.reduce(0, +) <= 1_000_000 else {
            throw Refusal(.classFloor, "guarantees of \(path.name) add up to more than all of it")
        }
    }

    /// What each class has for certain on every path, whatever a scheduler says, unless the site itself gives it less;
    /// parts per million.
    static let floors = [120_000, 200_000, 200_000, 120_000, 20_000]

    func check(_ rule: RouteRule) throws(Refusal) {
        try checkPaths(rule.weights.map(\.path))
        guard rule.weights.allSatisfy({ (0...RouteRule.largestWeight).contains($0.weight) }),
            rule.weights.contains(where: { $0.weight > 0 })
        else { throw Refusal(.form, "weights are 0 to \(RouteRule.largestWeight), and one path has some") }
        guard !rule.destinations.isEmpty, rule.destinations.count <= Self.mostRanges,
            Set(rule.destinations).count == rule.destinations.count
        else { throw Refusal(.form, "a route needs destinations, each once") }
        let hops = rule.weights.compactMap { site.path($0.path)?.nextHop.isIPv6 }
        for range in rule.destinations {
            guard range.length >= Self.shortestRoute(isIPv6: range.isIPv6) else {
                throw Refusal(.defaultRoute, "\(range) is a default route, or nearly one")
            }
            guard site.destinations.contains(range) else {
                throw Refusal(.unknownDestination, "\(range) is not among the site's destinations")
            }
            // A route that takes over a protected host could cut the operator off.
            if let kind = site.protected.kind(touching: range) {
                throw Refusal(.protectedHost, "\(range) touches the \(kind), which no rule may name")
            }
            guard hops.allSatisfy({ $0 == range.isIPv6 }) else {
                throw Refusal(.form, "\(range) and the next hops are of different versions")
            }
        }
    }

    /// No route is wider than this, so that none acts as a default route.
    public static func shortestRoute(isIPv6: Bool) -> Int { isIPv6 ? 16 : 8 }

    private func checkPaths(_ names: [String]) throws(Refusal) {
        guard Set(names).count == names.count else { throw Refusal(.form, "a path is named twice") }
        for name in names where site.path(name) == nil {
            throw Refusal(.unknownPath, "the site has no path of that name")
        }
    }
}
