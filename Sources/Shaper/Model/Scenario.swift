// Everything that a simulated run depends on besides its seed and its policy.

/// A site with its paths, its demand and its faults.
public struct Scenario: Sendable, Equatable, Codable {
    public var paths: [PathSpecification]
    public var mix: TrafficMix
    /// Factor on all arrival rates; at 1 the offered load is near the sum of the mean capacities.
    public var load: Double
    /// Whether floods of 8 to 40 Mbit/s from 8 to 23 sources happen.
    public var floods: Bool
    /// Whether paths follow their capacity model; otherwise they hold their nominal capacity.
    public var varyingCapacity: Bool
    public var detector: DetectorModel
    /// Simulated seconds.
    public var duration: Double
    /// How many control intervals old the counters are when a policy sees them.
    public var telemetryAge: Int
    /// Buffer of a first-in-first-out path, in seconds at the path's rate.
    public var fifoBuffer: Double
    /// Buffer of each class's queue, in seconds at the path's rate.
    public var classBuffers: ClassVector

    public init(
        paths: [PathSpecification] = Scenario.threePaths, mix: TrafficMix = .balanced, load: Double = 0.85,
        floods: Bool = true, varyingCapacity: Bool = true, detector: DetectorModel = .standard,
        duration: Double = 120, telemetryAge: Int = 0, fifoBuffer: Double = 0.1,
        classBuffers: ClassVector = ShapingPlan.shortBuffers
    ) {
        precondition(!paths.isEmpty && paths.count <= maximumPaths, "A site has between one and eight paths")
        precondition((0...Telemetry.maximumAge).contains(telemetryAge), "Telemetry is at most four intervals old")
        self.paths = paths
        self.mix = mix
        self.load = load
        self.floods = floods
        self.varyingCapacity = varyingCapacity
        self.detector = detector
        self.duration = duration
        self.telemetryAge = telemetryAge
        self.fifoBuffer = fifoBuffer
        self.classBuffers = classBuffers
    }

    /// A steady access line, a line shared with cross traffic, and a radio link.
    public static let threePaths = [
        PathSpecification(name: "fibre", nominal: 20e6, propagation: 0.010, capacity: .fixed),
        PathSpecification(
            name: "cable", nominal: 10e6, propagation: 0.020,
            capacity: .stepping(levels: [10e6, 10e6, 8e6, 5e6, 3.5e6], meanSeconds: 12)),
        PathSpecification(
            name: "radio", nominal: 10e6, propagation: 0.035,
            capacity: .fading(
                mean: 7.5e6, deviation: 2.2e6, relaxationSeconds: 4, minimum: 2.5e6, maximum: 12e6)),
    ]

    /// The simulation advances in steps of this many seconds.
    public static let substep = 0.01
    /// A policy decides once every so many substeps (half a second).
    public static let substepsPerInterval = 50
    /// Seconds between two decisions.
    public static var interval: Double { substep * Double(substepsPerInterval) }

    /// Decisions in a whole run.
    public var intervals: Int { Int((duration / Scenario.interval).rounded()) }

    /// What the contracts of all paths say, lane by lane.
    public var nominal: PathVector {
        var vector = PathVector()
        for (index, path) in paths.enumerated() { vector[index] = path.nominal }
        return vector
    }

    /// One-way propagation delays in seconds.
    var propagation: PathVector {
        var vector = PathVector()
        for (index, path) in paths.enumerated() { vector[index] = path.propagation }
        return vector
    }
}
