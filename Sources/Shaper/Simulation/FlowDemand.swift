// A flow as the demand trace knows it, before the network has had its say.

/// What generates a flow's traffic, which is the truth that no appliance sees.
@frozen
public enum TrafficKind: Int, Sendable, CaseIterable, Codable {
    /// Constant bit rate both while somebody talks and while nobody does.
    case voice
    /// Segments: on for part of every four seconds.
    case video
    /// A page or an object of it; elastic.
    case web
    /// A file; elastic.
    case bulk
    /// Constant bit rate from a source that wants to do harm.
    case attack
    /// A scheduled copy; elastic.
    case backup

    /// The class by looks alone: an attack is taken for bulk until its source is flagged.
    @inlinable
    public var apparentClass: TrafficClass {
        switch self {
        case .voice: .voice
        case .video: .video
        case .web: .web
        case .bulk, .attack, .backup: .bulk
        }
    }

    /// The lane of a `ClassVector` under which the flow's bytes are accounted.
    @inlinable
    public var accountLane: Int { self == .attack ? TrafficClass.quarantine.rawValue : apparentClass.rawValue }

    /// Whether the sender slows down when bytes are lost.
    @inlinable
    public var isElastic: Bool { self == .web || self == .bulk || self == .backup }
}

/// One flow of a demand trace.
public struct FlowDemand: Sendable, Equatable {
    /// Seconds from the start of the run to the first packet.
    public var start: Double
    public var kind: TrafficKind
    /// Bit/s for voice, video and attacks; bits to carry for elastic flows.
    public var amount: Double
    /// When an inelastic flow ends, in seconds.
    public var end: Double
    /// Offset of a video's segments in seconds.
    public var phase: Double
    /// Where the flow falls in the hash range [0, 1) that path weights divide.
    public var hash: Double
    /// When the detector flags the source, in seconds; infinity for never.
    public var flaggedAt: Double

    public init(
        start: Double, kind: TrafficKind, amount: Double, end: Double, phase: Double, hash: Double, flaggedAt: Double
    ) {
        self.start = start
        self.kind = kind
        self.amount = amount
        self.end = end
        self.phase = phase
        self.hash = hash
        self.flaggedAt = flaggedAt
    }
}
