// What a rule would have hit.

/// A rule's effect on the traffic of the window before it.
public struct BlastRadius: Codable, Sendable, Hashable {
    /// Seconds of traffic looked at.
    public var seconds = 0
    /// Flows of the window, those that match, and those that lose packets.
    public var flows = 0
    public var flowsMatched = 0
    public var flowsHit = 0
    /// Hosts at either end of flows that lose packets.
    public var hostsHit = 0
    /// IP packets and bytes.
    public var packetsMatched = 0
    public var bytesMatched = 0
    public var packetsDropped = 0
    public var bytesDropped = 0
    /// Of the flows hit: those that have a score, and those whose score is below every threshold an alert can have.
    public var flowsScored = 0
    public var flowsNormal = 0
    public var normalBytesDropped = 0

    public init() {}

    /// Share of the scored flows hit that were scored normal; nil without any.
    public var normalShare: Double? {
        flowsScored > 0 ? Double(flowsNormal) / Double(flowsScored) : nil
    }

    /// Scores below this many millionths are normal: no alert can have one. An alert's score is at least 4, and flows
    /// are written with 10⁶ (1 − e^(−score/10)).
    public static let normalBelow: Int64 = 329_680
}
