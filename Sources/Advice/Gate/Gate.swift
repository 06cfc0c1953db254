// The one way from a proposal to something that can be rendered or applied.

import NetTypes

/// Checks the invariants that no input can break. Every rendering, and the helper that applies one, stands behind it.
public struct Gate: Sendable {
    public let site: Site

    public init(site: Site) {
        self.site = site
    }

    /// Most addresses or ranges in one rule.
    static let mostRanges = 256

    /// Lets a proposal pass, or says why not.
    ///
    /// - Parameter inForce: rules that hold already, the proposed one not counted.
    public func admit(_ proposal: Proposal, inForce: Int = 0) throws(Refusal) -> Recommendation {
        try checkFrame(proposal)
        guard inForce >= 0, inForce < site.limits.rules else {
            throw Refusal(.ruleCount, "\(inForce) rules are in force; the site allows \(site.limits.rules) at once")
        }
        switch (proposal.filter, proposal.shape, proposal.route) {
        case (let rule?, nil, nil): try check(rule, handshakes: proposal.handshakes)
        case (nil, let rule?, nil): try check(rule)
        case (nil, nil, let rule?): try check(rule)
        default: throw Refusal(.form, "exactly one of filter, shape and route must be there")
        }
        return Recommendation(admitted: restated(proposal), site: site)
    }

    /// The proposal under a title that says what its rule does: whoever edits a rule in a file leaves the title as it was.
    private func restated(_ proposal: Proposal) -> Proposal {
        guard let rule = proposal.filter, let separator = proposal.what.firstRange(of: ": ") else { return proposal }
        var restated = proposal
        restated.what = rule.summary + proposal.what[separator.lowerBound...]
        return restated
    }

    /// What every proposal must have: an end, and figures that are figures.
    private func checkFrame(_ proposal: Proposal) throws(Refusal) {
        let longest = site.limits.longestLifetime
        guard proposal.lifetime >= 1, proposal.lifetime <= longest else {
            throw Refusal(.lifetime, "a rule holds from 1 to \(longest) seconds, not \(proposal.lifetime)")
        }
        guard proposal.decided >= 0, proposal.decided <= Int64.max / 2 else {
            throw Refusal(.form, "the time of the decision is out of range")
        }
        let figures =
            proposal.reasons.flatMap { [$0.value, $0.expected, $0.score] }
            + proposal.gains.flatMap { [$0.doingNothing, $0.predicted] }
        guard figures.allSatisfy(\.isFinite) else { throw Refusal(.form, "a figure is not a number") }
        guard proposal.reasons.count <= 64, proposal.gains.count <= 16 else {
            throw Refusal(.form, "more reasons or gains than anybody reads")
        }
        try checkSample(proposal.sample)
    }

    private func checkSample(_ sample: TrafficSample) throws(Refusal) {
        guard (0...TrafficSample.longest).contains(sample.seconds), sample.streams.count <= TrafficSample.mostStreams
        else {
            throw Refusal(.form, "the traffic sample is longer than \(TrafficSample.longest) s or has too many streams")
        }
        var packets = 0
        for stream in sample.streams {
            guard stream.source.isHost, stream.destination.isHost, stream.source.isIPv6 == stream.destination.isIPv6,
                stream.codePoint < 64, stream.packets.count == sample.seconds, stream.bytes.count == sample.seconds
            else { throw Refusal(.form, "a stream of the traffic sample is malformed") }
            for (count, bytes) in zip(stream.packets, stream.bytes) {
                guard (0...TrafficSample.mostPackets).contains(count), bytes >= 0, bytes <= 65_535 * max(count, 0)
                else {
                    throw Refusal(.form, "a stream of the traffic sample is out of range")
                }
                packets += count
            }
        }
        guard packets <= TrafficSample.mostPackets else { throw Refusal(.form, "the traffic sample is too large") }
    }
}
