// The flow-level network in which policies are trained and judged.

/// A fluid simulation of parallel egress paths: flows send rates, queues hold time-stamped bits.
///
/// Nothing here draws random numbers; everything exogenous is in the trace, so a run is a pure function of trace and
/// plans. It is copied only by `branch()`, which is how the clairvoyant search looks ahead. After the first intervals a
/// substep allocates nothing.
public struct Simulator: ~Copyable, Sendable {
    public let trace: DemandTrace
    /// Decisions taken so far.
    public internal(set) var interval = 0
    /// Counters of the last interval.
    public internal(set) var telemetry: Telemetry
    /// What truly happened in the last interval.
    public internal(set) var last = Accounts()
    /// What truly happened so far.
    public internal(set) var total = Accounts()
    /// Seconds from the start to the last byte of web objects that completed.
    public internal(set) var webCompletion = LatencyHistogram()
    /// Sum of those seconds, so that the mean is exact.
    public internal(set) var webCompletionSum = 0.0
    /// Delay of delivered bits by true class.
    public internal(set) var latency: [LatencyHistogram]

    /// Substeps in which a class queue was served less than what it had and less than its floor: starvation.
    public internal(set) var starvedSubsteps = 0

    let paths: Int
    let propagation: PathVector
    var substep = 0
    var nextFlow = 0
    var flows: [LiveFlow] = []
    var pool: ChunkPool
    /// By path, then class; a first-in-first-out path uses the first of its queues only.
    var queues: [ChunkQueue]
    var fairQueues: [FairQueue] = []
    var thresholds: [HashThresholds]
    // Scratch of one substep, by path and class.
    var incoming: [ClassVector]
    var acceptance: [Double]
    var roundTrip: [Double]

    public init(_ trace: DemandTrace) {
        self.trace = trace
        paths = trace.scenario.paths.count
        propagation = trace.scenario.propagation
        telemetry = Telemetry(paths: paths)
        latency = Array(repeating: LatencyHistogram(), count: TrafficClass.count)
        pool = ChunkPool(capacity: 1024 * paths)
        queues = Array(repeating: ChunkQueue(), count: paths * TrafficClass.count)
        thresholds = Array(
            repeating: HashThresholds(weights: PathVector(repeating: 1), paths: paths), count: TrafficClass.count)
        incoming = Array(repeating: ClassVector(), count: paths * TrafficClass.count)
        acceptance = Array(repeating: 1, count: paths * TrafficClass.count)
        roundTrip = Array(repeating: 0, count: paths * TrafficClass.count)
        flows.reserveCapacity(512)
    }

    private init(branching other: borrowing Simulator) {
        trace = other.trace
        interval = other.interval
        telemetry = other.telemetry
        last = other.last
        total = other.total
        webCompletion = other.webCompletion
        webCompletionSum = other.webCompletionSum
        latency = other.latency
        starvedSubsteps = other.starvedSubsteps
        paths = other.paths
        propagation = other.propagation
        substep = other.substep
        nextFlow = other.nextFlow
        flows = other.flows
        pool = other.pool
        queues = other.queues
        fairQueues = other.fairQueues
        thresholds = other.thresholds
        incoming = other.incoming
        acceptance = other.acceptance
        roundTrip = other.roundTrip
    }

    /// An independent continuation of the same run.
    public func branch() -> Simulator {
        Simulator(branching: self)
    }

    /// Whether the trace is used up.
    public var isFinished: Bool { interval >= trace.scenario.intervals }

    /// Mean capacity of each path in the interval to come: known to a clairvoyant and to nobody else.
    public var comingCapacity: PathVector {
        let start = min(substep, trace.capacity.count - 1)
        let end = min(start + Scenario.substepsPerInterval, trace.capacity.count)
        var sum = PathVector()
        for index in start..<end { sum += trace.capacity[index] }
        return sum / Double(end - start)
    }

    /// Lives through one control interval under a plan.
    public mutating func advance(_ plan: ShapingPlan) {
        precondition(!isFinished, "The run is over")
        precondition(plan.guarantees.count == paths && plan.ceilings.count == paths, "The plan is for this site")
        if plan.discipline == .fairQueueCoDel, fairQueues.isEmpty {
            fairQueues = Array(repeating: FairQueue(), count: paths)
        }
        last = Accounts()
        telemetry.clear()
        telemetry.interval = interval
        for trafficClass in TrafficClass.allCases {
            thresholds[trafficClass.rawValue] = HashThresholds(
                weights: plan.weights[trafficClass.rawValue], paths: paths)
        }
        apply(plan.placements)
        rehash()
        for _ in 0..<Scenario.substepsPerInterval {
            live(through: plan)
            substep += 1
        }
        reportFlows()
        total += last
        interval += 1
    }

    /// One substep: arrivals, then each path's queues, then the senders' reactions.
    private mutating func live(through plan: ShapingPlan) {
        let now = Double(substep) * Scenario.substep
        admit(at: now)
        offer(plan, at: now)
        let capacity = trace.capacity[substep]
        for path in 0..<paths {
            let rate = capacity[path]
            last.capacity += rate * Scenario.substep
            switch plan.discipline {
            case .fifo(let buffer): serveFirstInFirstOut(path: path, rate: rate, buffer: buffer)
            case .classes: serveClasses(path: path, rate: rate, plan: plan)
            case .fairQueueCoDel: serveFairly(path: path, rate: rate, at: now)
            }
        }
        react(plan.discipline, at: now)
    }

    /// Counts what the flow table and the detector would report at the end of an interval.
    private mutating func reportFlows() {
        let now = Double(substep) * Scenario.substep
        for flow in flows {
            if flow.flaggedAt <= now {
                telemetry.flaggedSources += 1
            } else if flow.kind.isElastic, flow.accepted >= Telemetry.elephantBits,
                telemetry.elephants.count < Telemetry.maximumElephants
            {
                telemetry.elephants.append(
                    Elephant(flow: flow.demand, path: flow.path, bits: flow.accepted, placed: flow.placed))
            }
        }
    }
}
