// A proposal that has passed the gate.

import NetTypes

/// A change that keeps every invariant of a site. Made by `Gate` alone, so whatever renders or applies one is safe.
public struct Recommendation: Sendable, Hashable {
    public let proposal: Proposal
    public let site: Site
    /// Identifies the decision: a digest of everything that went into it and came out of it. The same inputs give the
    /// same identifier, bit for bit.
    public let decision: String

    init(admitted proposal: Proposal, site: Site) {
        self.proposal = proposal
        self.site = site
        decision = DecisionDigest.decision(proposal)
    }

    /// What objects in the kernel and in files are named by.
    public var name: String { OwnershipMark.tablePrefix + decision.prefix(12) }

    /// When it ends, if it is applied when it was decided.
    public var expires: Timestamp {
        Timestamp(nanoseconds: proposal.decided + Int64(proposal.lifetime) * 1_000_000_000)
    }

    /// Its form in a file.
    public func render(_ form: Rendering) -> String? {
        switch form {
        case .nftables: nftables
        case .tc: trafficControl
        case .ip: nexthops
        case .exabgp: exabgp
        case .frr: frr
        }
    }
}

/// The languages that recommendations are written in, besides JSON.
public enum Rendering: String, CaseIterable, Sendable {
    case nftables
    case tc
    case ip
    case exabgp
    case frr
}
