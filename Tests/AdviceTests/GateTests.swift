// The gate: no input yields a forbidden rule.

import Advice
import NetTypes
import TestSupport
import Testing

struct GateTests {
    /// What may never appear in a rule, as an independent reading of the site: every single protected address.
    private static let forbidden: [IPAddress] =
        ["203.0.113.2", "203.0.113.1", "10.0.0.53", "10.0.0.10", "2001:db8::1", "2001:db8::53"].map(\.address)
        + (0..<16).map { IPAddress(v4: 0x0a00_0900 + $0) }

    /// Whether an address lies in a range, bit by bit.
    private static func lies(_ address: IPAddress, in range: IPPrefix) -> Bool {
        guard address.isIPv6 == range.isIPv6 else { return false }
        func bit(_ address: IPAddress, _ index: Int) -> UInt64 {
            let width = address.isIPv6 ? 128 : 32
            let position = width - 1 - index
            return position >= 64 ? address.high >> UInt64(position - 64) & 1 : address.low >> UInt64(position) & 1
        }
        return (0..<range.length).allSatisfy { bit(address, $0) == bit(range.address, $0) }
    }

    @Test("A hundred thousand hostile proposals yield no forbidden rule")
    func aHundredThousandHostileProposalsYieldNoForbiddenRule() {
        var hostile = HostileProposals(seed: 5)
        let site = HostileProposals.site
        let gate = Gate(site: site)
        var admitted = (filters: 0, drops: 0, shapes: 0, routes: 0)
        for _ in 0..<100_000 {
            let proposal = hostile.proposal()
            let inForce = hostile.pick([0, 0, 31, 32, -1, hostile.number()])
            guard let recommendation = try? gate.admit(proposal, inForce: inForce) else { continue }
            #expect((0..<32).contains(inForce))
            #expect((1...14_400).contains(proposal.lifetime))
            if let rule = proposal.filter {
                admitted.filters += 1
                if rule.effect == .drop { admitted.drops += 1 }
                check(rule, handshakes: proposal.handshakes)
            }
            if let rule = proposal.shape {
                admitted.shapes += 1
                check(rule, site)
            }
            if let rule = proposal.route {
                admitted.routes += 1
                #expect(rule.destinations == ["198.18.0.0/15".prefix])
                #expect(rule.weights.contains { $0.weight > 0 })
            }
            check(texts: recommendation)
        }
        // The test would show nothing if nothing ever passed.
        #expect(
            admitted.filters > 500 && admitted.drops > 20 && admitted.shapes > 100 && admitted.routes > 100,
            "\(admitted)")
    }

    private func check(_ rule: FilterRule, handshakes: Int) {
        let ranges = rule.sources + rule.destinations
        #expect(!ranges.isEmpty)
        for range in ranges {
            #expect(range.length >= (range.isIPv6 ? 56 : 24))
            #expect(!Self.forbidden.contains { Self.lies($0, in: range) })
            #expect(!range.address.isMulticastOrBroadcast)
        }
        switch rule.effect {
        case .drop:
            #expect(rule.transport == 6 && !rule.sources.isEmpty && handshakes >= rule.sources.count)
            #expect(rule.sources.allSatisfy { $0.isHost })
        case .limit, .limitPerSource: #expect(rule.rate >= (rule.unit == .bits ? 64_000 : 8))
        }
    }

    private func check(_ rule: ShapeRule, _ site: Site) {
        for shares in rule.paths {
            #expect(shares.rate >= 64_000 && shares.rate <= site.paths.first { $0.name == shares.path }!.rate)
            #expect(shares.guarantees.reduce(0, +) <= 1_000_000)
            #expect(zip(shares.guarantees, [120_000, 200_000, 200_000, 120_000, 20_000]).allSatisfy { $0 >= $1 })
        }
        for range in rule.quarantined { #expect(!Self.forbidden.contains { Self.lies($0, in: range) }) }
    }

    /// Every line of a rendering begins as lines of its language do, whatever stood in the proposal's texts; and a
    /// filter's elements all have a timeout.
    private func check(texts recommendation: Recommendation) {
        let starts: [Rendering: [String]] = [
            .nftables: [
                "#", "table inet leptonnet_", "delete table inet leptonnet_", "set ", "type ", "flags ", "size ",
                "timeout ",
                "elements = {", "}", "counter ", "chain ", "ip saddr", "ip daddr", "ip6 saddr", "ip6 daddr",
            ],
            .tc: ["#", "qdisc add dev wan", "class add dev wan", "filter add dev wan"],
            .ip: ["#", "nexthop replace id 71", "route replace 198.18.0.0/15 nhid 7100"],
        ]
        for (rendering, allowed) in starts {
            guard let text = recommendation.render(rendering) else { continue }
            for line in text.split(whereSeparator: \.isNewline) {
                let line = line.drop { $0 == "\t" }
                let isElement = line.first.map { $0.isHexDigit || $0 == ":" } ?? false
                #expect(allowed.contains { line.hasPrefix($0) } || isElement && line.contains(" timeout "), "\(line)")
            }
            if rendering == .nftables {
                let rule = recommendation.proposal.filter!
                let timeouts = text.components(between: "timeout \(recommendation.proposal.lifetime)s")
                #expect(timeouts == rule.sources.count + rule.destinations.count)
            }
        }
    }

    /// Each case breaks one invariant of an otherwise good rule.
    @Test(
        "A source that may not be named is refused with its reason",
        arguments: [
            ("203.0.113.2", Refusal.Invariant.protectedHost), ("203.0.113.0/24", .protectedHost),
            ("10.0.0.53", .protectedHost), ("10.0.0.10", .protectedHost), ("10.0.9.15", .protectedHost),
            ("0.0.0.0/0", .defaultRoute), ("::/0", .defaultRoute), ("0.0.0.0/1", .prefixSize),
            ("198.51.100.0/23", .prefixSize),
            ("2001:db8:1::/48", .prefixSize), ("127.0.0.1", .specialAddress), ("224.0.0.5", .specialAddress),
            ("::ffff:10.0.0.53", .specialAddress), ("fe80::1", .specialAddress),
        ])
    func aSourceThatMayNotBeNamedIsRefusedWithItsReason(_ text: String, _ invariant: Refusal.Invariant) {
        let rule = FilterRule(sources: [text.prefix], destinations: [], effect: .limit, rate: 64_000)
        #expect(refusal(of: rule)?.invariant == invariant)
    }

    @Test("A drop needs TCP and a handshake for every source")
    func aDropNeedsTCPAndAHandshakeForEverySource() {
        var rule = FilterRule(sources: ["198.51.100.7".prefix], destinations: [], transport: 6, effect: .drop, rate: 0)
        #expect(refusal(of: rule, handshakes: 0)?.invariant == .spoofable)
        #expect(refusal(of: rule, handshakes: 1) == nil)
        rule.transport = 17
        #expect(refusal(of: rule, handshakes: 9)?.invariant == .spoofable)
        rule.transport = 6
        rule.sources = ["198.51.100.0/24".prefix]
        #expect(refusal(of: rule, handshakes: 9)?.invariant == .spoofable)
        rule.sources = []
        rule.destinations = ["198.51.100.7".prefix]
        #expect(refusal(of: rule, handshakes: 9)?.invariant == .spoofable)
    }

    @Test("Lifetime, rate and number of rules are bounded")
    func lifetimeRateAndNumberOfRulesAreBounded() {
        let rule = FilterRule(sources: ["198.51.100.7".prefix], destinations: [], effect: .limit, rate: 63_999)
        #expect(refusal(of: rule)?.invariant == .rateFloor)
        var fine = rule
        fine.rate = 64_000
        #expect(refusal(of: fine) == nil)
        #expect(refusal(of: fine, inForce: 32)?.invariant == .ruleCount)
        for lifetime in [0, -1, 14_401, Int.max] {
            #expect(refusal(of: fine, lifetime: lifetime)?.invariant == .lifetime)
        }
    }

    @Test("The same proposal has the same decision id, and any change another")
    func theSameProposalHasTheSameDecisionAndAnyChangeAnother() throws {
        let gate = Gate(site: HostileProposals.site)
        let base = proposal(
            FilterRule(sources: ["198.51.100.7".prefix], destinations: [], effect: .limit, rate: 64_000))
        let decision = try gate.admit(base).decision
        #expect(try gate.admit(base).decision == decision)
        var changed = [base, base, base, base]
        changed[0].filter?.rate = 64_001
        changed[1].lifetime = 901
        changed[2].what = "other"
        changed[3].inputs.flows = "0"
        for proposal in changed { #expect(try gate.admit(proposal).decision != decision) }
    }

    @Test("A rule that was edited is titled by what it does now")
    func aRuleThatWasEditedIsTitledByWhatItDoesNow() throws {
        let rule = FilterRule(sources: ["198.51.100.7".prefix], destinations: [], effect: .limit, rate: 64_000)
        var edited = proposal(rule)
        edited.what = "limit to 9 packets/s from 192.0.2.1: Scan: of ports"
        let first = try Gate(site: HostileProposals.site).admit(edited)
        #expect(first.proposal.what == "limit to 64 kbit/s from 198.51.100.7: Scan: of ports")
        #expect(try Gate(site: HostileProposals.site).admit(first.proposal).decision == first.decision)
    }

    private func proposal(_ rule: FilterRule, lifetime: Int = 900) -> Proposal {
        var proposal = Proposal(
            what: "test", decided: 0, lifetime: lifetime,
            inputs: Proposal.Inputs(site: "", flows: "", windowStart: 0, windowEnd: 0))
        proposal.filter = rule
        return proposal
    }

    private func refusal(
        of rule: FilterRule, handshakes: Int = 0, inForce: Int = 0, lifetime: Int = 900
    ) -> Refusal? {
        var proposal = proposal(rule, lifetime: lifetime)
        proposal.handshakes = handshakes
        do {
            _ = try Gate(site: HostileProposals.site).admit(proposal, inForce: inForce)
            return nil
        } catch {
            return error
        }
    }
}

extension String {
    /// How often a text stands in this one.
    func components(between text: String) -> Int {
        var count = 0
        var rest = self[...]
        while let range = rest.firstRange(of: text) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
