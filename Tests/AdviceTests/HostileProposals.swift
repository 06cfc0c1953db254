// Random proposals and sites, most of them broken in some way.

import Advice
import NetTypes
import TestSupport

/// Makes proposals as an attacker, a broken detector or a damaged file would.
struct HostileProposals {
    var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    mutating func pick<Value>(_ values: [Value]) -> Value { values.randomElement(using: &generator)! }

    mutating func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &generator) < share }

    /// A whole number, often an extreme one.
    mutating func number() -> Int {
        chance(0.5)
            ? pick([0, 1, -1, 8, 63_999, 64_000, 65_536, 900, 1_000_000, .max, .min, .max / 2, 1 << 32, 1 << 40])
            : Int.random(in: -10...20_000_000, using: &generator)
    }

    /// Addresses near what must not be touched.
    mutating func address() -> IPAddress {
        if chance(0.3) {
            return pick(
                ["203.0.113.2", "203.0.113.1", "10.0.0.53", "10.0.0.10", "10.0.9.3", "2001:db8::53", "2001:db8::1"]
            ).address
        }
        if chance(0.1) {
            return pick(["0.0.0.0", "127.0.0.1", "255.255.255.255", "::1", "::ffff:10.0.0.53", "ff02::1"]).address
        }
        if chance(0.3) {
            return IPAddress(
                high: chance(0.5) ? 0x2001_0db8 << 32 : generator.next(),
                low: generator.next() >> (chance(0.5) ? 48 : 0),
                isIPv6: true)
        }
        let base: UInt32 = pick([0x0a00_0000, 0xcb00_7100, 0xc633_6400, 0])
        return IPAddress(v4: base | UInt32(truncatingIfNeeded: generator.next()) >> pick([16, 24, 20, 0]))
    }

    mutating func prefix() -> IPPrefix {
        let address = address()
        let length = chance(0.5) ? address.bitWidth : Int.random(in: 0...address.bitWidth, using: &generator)
        return IPPrefix(address, length: length)!
    }

    mutating func text() -> String {
        pick([
            "scan", "x\n}\nflush ruleset\n#", "\"; drop; \"", "$(reboot)", "`id`", "\u{2028}", "", "a\\\nb", "';--",
            String(repeating: "A", count: 300), "#\r\ndelete table inet filter", "\u{0}\u{1}",
        ])
    }

    mutating func figure() -> Double {
        chance(0.9)
            ? Double.random(in: -10...1000, using: &generator)
            : pick([.nan, .infinity, -.infinity, 0, -0.0, 1e308, .leastNonzeroMagnitude])
    }

    mutating func filter() -> FilterRule {
        FilterRule(
            sources: (0..<pick([0, 1, 1, 1, 1, 2, 5])).map { _ in prefix() },
            destinations: (0..<pick([0, 0, 1, 1, 2])).map { _ in prefix() },
            transport: pick([nil, 6, 6, 6, 17, 17, 1, 58, 255]),
            sourcePort: chance(0.7) ? nil : UInt16.random(in: 0...65_535, using: &generator),
            destinationPort: chance(0.5) ? nil : UInt16.random(in: 0...65_535, using: &generator),
            effect: pick(FilterRule.Effect.allCases), rate: chance(0.4) ? 0 : number(),
            unit: pick(FilterRule.Unit.allCases))
    }

    mutating func shape() -> ShapeRule {
        ShapeRule(
            paths: (0..<pick([0, 1, 1, 2, 3])).map { index in
                ShapeRule.PathShares(
                    path: chance(0.95) ? ["fibre", "cable", "fibre"][index] : text(),
                    rate: pick([number(), 10_000_000, 10_000_000]),
                    guarantees: chance(0.85)
                        ? [150_000, 250_000, 300_000, 250_000, 50_000] : (0..<5).map { _ in number() },
                    ceilings: chance(0.85)
                        ? [1_000_000, 1_000_000, 1_000_000, 1_000_000, 100_000] : (0..<5).map { _ in number() })
            }, quarantined: (0..<pick([0, 0, 1, 3])).map { _ in prefix() })
    }

    mutating func route() -> RouteRule {
        RouteRule(
            weights: (0..<pick([0, 1, 2, 2])).map { index in
                RouteRule.PathWeight(
                    path: chance(0.9) ? ["fibre", "cable"][index] : text(), weight: pick([0, 1, 20, 64, number()]))
            },
            destinations: (0..<pick([0, 1, 1, 2])).map { _ in
                chance(0.6) ? "198.18.0.0/15".prefix : pick([prefix(), "0.0.0.0/0".prefix, "0.0.0.0/1".prefix])
            })
    }

    mutating func proposal() -> Proposal {
        var proposal = Proposal(
            what: text(), decided: chance(0.97) ? 1_700_000_000_000_000_000 : Int64(number()),
            lifetime: chance(0.9) ? 900 : number(),
            inputs: Proposal.Inputs(site: text(), flows: text(), windowStart: 0, windowEnd: Int64(number())))
        switch pick([0, 0, 0, 0, 1, 2, 3]) {
        case 0: proposal.filter = filter()
        case 1: proposal.shape = shape()
        case 2: proposal.route = route()
        default:
            if chance(0.5) { proposal.filter = filter() }
            if chance(0.5) { proposal.shape = shape() }
            if chance(0.5) { proposal.route = route() }
        }
        proposal.handshakes = pick([0, 0, 1, 7, number()])
        proposal.incident = text()
        proposal.reasons = (0..<pick([0, 1, 3])).map { _ in
            Proposal.Reason(feature: text(), value: figure(), expected: figure(), score: figure())
        }
        if chance(0.2) {
            proposal.sample = TrafficSample(
                seconds: pick([0, 1, 6, 7, number()]),
                streams: [
                    TrafficSample.Stream(
                        source: prefix(), destination: prefix(), transport: 6, sourcePort: 1, destinationPort: 2,
                        codePoint: pick([0, 63, 64, 255]), packets: [number()], bytes: [number()])
                ])
        }
        return proposal
    }

    /// A site whose protected hosts the addresses above aim at.
    static var site: Site {
        var site = Site()
        site.networks = ["10.0.0.0/8".prefix]
        site.protected.own = ["203.0.113.2".prefix, "2001:db8::1".prefix]
        site.protected.gateways = ["203.0.113.1".prefix]
        site.protected.dns = ["10.0.0.53".prefix, "2001:db8::53".prefix]
        site.protected.management = ["10.0.0.10".prefix]
        site.protected.allowed = ["10.0.9.0/28".prefix]
        site.paths = [
            SitePath(name: "fibre", interface: "wan0", nextHop: "203.0.113.1".address, rate: 20_000_000, delay: 10_000),
            SitePath(name: "cable", interface: "wan1", nextHop: "203.0.113.5".address, rate: 10_000_000, delay: 20_000),
        ]
        site.destinations = ["198.18.0.0/15".prefix]
        site.bgp = SiteBGP(
            neighbor: "192.0.2.1".address, localAddress: "192.0.2.9".address, localAS: 64_512, peerAS: 64_512,
            blackholeIPv4: "192.0.2.254".address, blackholeIPv6: "100::1".address)
        return site
    }
}

extension String {
    var prefix: IPPrefix { IPPrefix(self)! }
    var address: IPAddress { IPAddress(self)! }
}
