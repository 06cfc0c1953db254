// What an appliance can see of one control interval.

/// A long flow as the flow table knows it.
public struct Elephant: Sendable, Equatable {
    /// The flow's index in the demand trace; a deployed appliance has the flow's key here.
    public var flow: Int
    public var path: Int
    /// Bits that the flow has got through since it began.
    public var bits: Double
    /// Whether its path was chosen for it.
    public var placed: Bool

    public init(flow: Int, path: Int, bits: Double, placed: Bool) {
        self.flow = flow
        self.path = path
        self.bits = bits
        self.placed = placed
    }
}

/// Counters of one control interval: of qdiscs, classes, flow table and detector. No truth about intent is in here.
public struct Telemetry: Sendable {
    /// How many intervals old counters can be at most.
    public static let maximumAge = 4
    /// A flow is an elephant from this many bits on (half a megabyte).
    public static let elephantBits = 4e6
    /// At most this many elephants are listed, the longest first to have become one.
    public static let maximumElephants = 64

    /// The interval that the counters describe.
    public internal(set) var interval = -1
    /// Bits by path and class: what came, what left, what was dropped.
    public internal(set) var arrived: [ClassVector]
    public internal(set) var served: [ClassVector]
    public internal(set) var dropped: [ClassVector]
    /// Mean bits waiting by path and queue.
    public internal(set) var backlog: [ClassVector]
    /// Sources that the detector holds flagged and that are active.
    public internal(set) var flaggedSources = 0
    /// Long elastic flows that nobody has flagged.
    public internal(set) var elephants: [Elephant] = []

    /// Counters that were read from a kernel; every array has an entry for each path.
    public init(
        interval: Int, arrived: [ClassVector], served: [ClassVector], dropped: [ClassVector], backlog: [ClassVector],
        flaggedSources: Int, elephants: [Elephant]
    ) {
        self.interval = interval
        self.arrived = arrived
        self.served = served
        self.dropped = dropped
        self.backlog = backlog
        self.flaggedSources = flaggedSources
        self.elephants = Array(elephants.prefix(Telemetry.maximumElephants))
    }

    init(paths: Int) {
        arrived = Array(repeating: ClassVector(), count: paths)
        served = arrived
        dropped = arrived
        backlog = arrived
        elephants.reserveCapacity(Telemetry.maximumElephants)
    }

    mutating func clear() {
        for path in arrived.indices {
            arrived[path] = ClassVector()
            served[path] = ClassVector()
            dropped[path] = ClassVector()
            backlog[path] = ClassVector()
        }
        flaggedSources = 0
        elephants.removeAll(keepingCapacity: true)
    }

    /// Bit/s that came for each class over all paths.
    public var demand: ClassVector {
        var sum = ClassVector()
        for bits in arrived { sum += bits }
        return sum / Scenario.interval
    }
}
