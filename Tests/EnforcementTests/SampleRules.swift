// Recommendations to apply, with a site for them.

import NetTypes

@testable import Advice

enum SampleRules {
    static func site(idleTimer: Int = 60) -> Site {
        var site = Site()
        site.networks = ["10.0.0.0/8".prefix]
        site.protected.own = ["203.0.113.2".prefix]
        site.protected.gateways = ["203.0.113.1".prefix]
        site.paths = zip(["one", "two", "three"], [20, 10, 10]).enumerated().map { index, path in
            SitePath(
                name: path.0, interface: "wan\(index)", nextHop: "192.0.2.\(index * 4 + 1)".address,
                rate: path.1 * 1_000_000, delay: 10_000)
        }
        site.destinations = ["198.18.0.0/15".prefix]
        site.routing.idleTimer = idleTimer
        return site
    }

    static func admit(_ change: (inout Proposal) -> Void, site: Site = site()) throws -> Recommendation {
        var proposal = Proposal(
            what: "test", decided: 1_700_000_000_000_000_000, lifetime: 900,
            inputs: Proposal.Inputs(site: site.digest, flows: "", windowStart: 0, windowEnd: 0))
        change(&proposal)
        return try Gate(site: site).admit(proposal)
    }

    static func filter(
        _ effect: FilterRule.Effect, source: String = "198.51.100.7", isNamed: Bool = true, lifetime: Int = 900,
        unit: FilterRule.Unit = .bits
    ) throws -> Recommendation {
        let target = source.contains(":") ? "2001:db8:5::80" : "192.0.2.80"
        let other = source.contains(":") ? "2001:db8:6::9" : "198.51.100.200"
        return try admit { proposal in
            proposal.lifetime = lifetime
            proposal.filter = FilterRule(
                sources: isNamed ? [source.prefix] : [], destinations: [target.prefix], transport: 6,
                destinationPort: 443, effect: effect, rate: effect == .drop ? 0 : unit == .bits ? 400_000 : 60,
                unit: unit)
            proposal.handshakes = 1
            proposal.sample = TrafficSample(
                seconds: 3,
                streams: [
                    stream(source, target, 443, packets: 300, length: 900),
                    stream(other, target, 443, packets: 40, length: 500),
                    stream(source, target, 80, packets: 50, length: 700),
                    stream(target, source, 51_000, packets: 100, length: 60),
                ])
        }
    }

    private static func stream(
        _ source: String, _ destination: String, _ port: UInt16, packets: Int, length: Int
    ) -> TrafficSample.Stream {
        TrafficSample.Stream(
            source: source.prefix, destination: destination.prefix, transport: 6, sourcePort: 40_000,
            destinationPort: port, codePoint: 0, packets: [packets, packets, packets],
            bytes: [packets * length, packets * length, packets * length])
    }

    static func shape(voice: Int = 150_000) throws -> Recommendation {
        try admit { proposal in
            proposal.shape = ShapeRule(
                paths: site().paths.map {
                    ShapeRule.PathShares(
                        path: $0.name, rate: $0.rate, guarantees: [voice, 250_000, 300_000, 200_000, 50_000],
                        ceilings: [1_000_000, 1_000_000, 1_000_000, 1_000_000, 100_000])
                }, quarantined: ["198.51.100.66".prefix, "2001:db8:bad::66".prefix])
        }
    }

    static func route(_ weights: [Int], idleTimer: Int = 60) throws -> Recommendation {
        let site = site(idleTimer: idleTimer)
        return try admit(
            { proposal in
                proposal.route = RouteRule(
                    weights: zip(site.paths, weights).map { RouteRule.PathWeight(path: $0.name, weight: $1) },
                    destinations: site.destinations)
            }, site: site)
    }
}

extension String {
    var prefix: IPPrefix { IPPrefix(self)! }
    var address: IPAddress { IPAddress(self)! }
}
