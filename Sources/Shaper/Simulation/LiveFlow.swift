// A flow while it is in the network.

/// The state of a flow that has started and not yet ended.
struct LiveFlow: Sendable {
    /// Index in the demand trace.
    let demand: Int
    let kind: TrafficKind
    /// The class as the appliance sees it, which changes when the source is flagged.
    var trafficClass: TrafficClass
    /// Whether an elastic flow still doubles its rate each round trip.
    var slowStart: Bool
    var path: Int
    /// Whether the path was chosen for this flow and not by its hash.
    var placed = false
    let hash: Double
    /// Bit/s that the sender puts in.
    var rate: Double
    /// Bits that an elastic flow still has to get accepted.
    var remaining: Double
    /// Bits lost since the sender last slowed down.
    var lost = 0.0
    /// When the sender last slowed down, in seconds.
    var lastDecrease = -1.0
    /// Bits offered in the present substep, after the limiter.
    var offered = 0.0
    /// Bits accepted since the flow began.
    var accepted = 0.0
    let start: Double
    let end: Double
    let phase: Double
    let flaggedAt: Double

    /// Ten segments per 40 ms: the initial window of RFC 6928 over a guessed round trip.
    private static let initialRate = 10 * 12_000 / 0.04

    init(_ demand: FlowDemand, index: Int, at now: Double) {
        self.demand = index
        kind = demand.kind
        trafficClass = demand.flaggedAt <= now ? .quarantine : demand.kind.apparentClass
        slowStart = demand.kind.isElastic
        path = 0
        hash = demand.hash
        rate = demand.kind.isElastic ? LiveFlow.initialRate : demand.amount
        remaining = demand.kind.isElastic ? demand.amount : .infinity
        start = demand.start
        end = demand.end
        phase = demand.phase
        flaggedAt = demand.flaggedAt
    }

    /// Bits that the sender has for one substep.
    @inline(__always)
    func want(at now: Double) -> Double {
        switch kind {
        case .voice, .attack:
            return rate * Scenario.substep
        case .video:
            let position = (now + phase).truncatingRemainder(dividingBy: DemandGenerator.videoPeriod)
            return position < DemandGenerator.videoOn ? rate * Scenario.substep : 0
        case .web, .bulk, .backup:
            return min(rate * Scenario.substep, remaining)
        }
    }

    /// What a change of path costs: reordering looks like loss, so an elastic sender slows down once.
    mutating func move(to newPath: Int) {
        path = newPath
        if kind.isElastic {
            rate *= 0.7
            slowStart = false
        }
    }
}
