// What the network is told to do until the next decision.

/// How packets wait at the head of a path.
public enum QueueDiscipline: Sendable, Equatable, Codable {
    /// One drop-tail queue for everything, of `buffer` seconds at the path's rate.
    case fifo(buffer: Double)
    /// One drop-tail queue for each class, served by guarantee, then by priority up to the ceiling (Linux HTB with
    /// bounded leaves; with equal priorities it is weighted fair queueing).
    case classes
    /// A queue for each flow, served in equal shares, each with CoDel (RFC 8290).
    case fairQueueCoDel
}

/// Moves one flow to a path and keeps it there, whatever its hash says.
public struct FlowPlacement: Sendable, Equatable {
    /// The flow's index in the demand trace.
    public var flow: Int
    public var path: Int

    public init(flow: Int, path: Int) {
        self.flow = flow
        self.path = path
    }
}

/// A complete setting of paths, classes and limiter.
public struct ShapingPlan: Sendable, Equatable {
    public var discipline: QueueDiscipline
    /// For each class, the weights by which new flows are hashed over the paths; only ratios count.
    public var weights: [PathVector]
    /// For each path, the share of its rate that each class has for certain.
    public var guarantees: [ClassVector]
    /// For each path, the share of its rate that a class never exceeds.
    public var ceilings: [ClassVector]
    /// Rank of each class; a lower one is served first with what guarantees leave. Equal ranks share by guarantee.
    public var priorities: [Int]
    /// Seconds of the path's rate that each class may queue.
    public var buffers: ClassVector
    /// Bit/s that each flagged source may send; zero for no limit.
    public var sourceLimit: Double
    /// Flows that get a path of their own choosing with this plan; earlier placements stay.
    public var placements: [FlowPlacement]

    public init(
        discipline: QueueDiscipline, weights: [PathVector], guarantees: [ClassVector], ceilings: [ClassVector],
        priorities: [Int] = ShapingPlan.strictPriorities, buffers: ClassVector = ShapingPlan.shortBuffers,
        sourceLimit: Double = 0, placements: [FlowPlacement] = []
    ) {
        precondition(weights.count == TrafficClass.count && priorities.count == TrafficClass.count)
        precondition(guarantees.count == ceilings.count && !guarantees.isEmpty)
        self.discipline = discipline
        self.weights = weights
        self.guarantees = guarantees
        self.ceilings = ceilings
        self.priorities = priorities
        self.buffers = buffers
        self.sourceLimit = sourceLimit
        self.placements = placements
    }

    /// Voice before video before web before bulk before quarantine.
    public static let strictPriorities = [0, 1, 2, 3, 4]
    /// No class before another.
    public static let equalPriorities = [0, 0, 0, 0, 0]
    /// 20 to 40 ms: long enough for a burst of the class, short enough for elastic flows to notice in time.
    public static let shortBuffers = ClassVector(voice: 0.02, video: 0.04, web: 0.04, bulk: 0.03, quarantine: 0.02)
    /// What the calibration figures were measured with: longer queues for web and bulk.
    public static let longBuffers = ClassVector(voice: 0.02, video: 0.04, web: 0.06, bulk: 0.05, quarantine: 0.02)
    /// Guarantees that do not follow demand.
    public static let staticGuarantees = ClassVector(voice: 0.15, video: 0.25, web: 0.30, bulk: 0.25, quarantine: 0.05)
    /// What a class has for certain on every path, whatever a policy says.
    public static let floors = ClassVector(voice: 0.12, video: 0.20, web: 0.20, bulk: 0.12, quarantine: 0.02)
    /// Nobody is held below the path's rate but the quarantine, which gets a tenth.
    public static let quarantineCeilings = ClassVector(voice: 1, video: 1, web: 1, bulk: 1, quarantine: 0.10)

    /// The setting that needs no measurement: weights by contract, fixed guarantees, strict priorities.
    public static func staticClasses(
        nominal: PathVector, paths: Int, buffers: ClassVector = shortBuffers
    ) -> ShapingPlan {
        ShapingPlan(
            discipline: .classes, weights: Array(repeating: nominal / nominal.sum(), count: TrafficClass.count),
            guarantees: Array(repeating: staticGuarantees, count: paths),
            ceilings: Array(repeating: quarantineCeilings, count: paths), buffers: buffers)
    }
}
