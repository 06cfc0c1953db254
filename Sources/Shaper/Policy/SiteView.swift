// What an appliance believes about its site, from counters that may be old.

/// Demand, capacity and history as far as counters tell; the input of every adaptive policy.
public struct SiteView: Sendable {
    /// Intervals of class demand that are kept.
    static let demandDepth = 16
    /// Intervals of path counters that are kept.
    static let pathDepth = 3

    /// One interval of one path: shares of the nominal capacity, and backlog in units of 50 ms at the nominal rate.
    struct PathSample: Sendable {
        var served = 0.0
        var backlog = 0.0
        var dropped = 0.0
    }

    public let paths: [PathSpecification]
    let nominal: PathVector
    private let maximum: PathVector
    /// Estimated bit/s of each path.
    public private(set) var capacity: PathVector
    /// Bit/s of each class in the newest interval known.
    public private(set) var demand = ClassVector()
    /// The same, smoothed with a quarter of the new value each interval.
    public private(set) var smoothDemand = ClassVector()
    /// Class demand of past intervals, oldest first.
    private(set) var demandHistory = [ClassVector](repeating: ClassVector(), count: demandDepth)
    /// Path counters of past intervals, oldest first, one row for each interval.
    private(set) var pathHistory: [[PathSample]]
    public private(set) var flaggedSources = 0
    public private(set) var elephants: [Elephant] = []
    /// The newest interval that counters have come for; negative before any.
    public private(set) var interval = -1

    public init(paths: [PathSpecification]) {
        self.paths = paths
        var nominal = PathVector()
        var maximum = PathVector()
        for (index, path) in paths.enumerated() {
            nominal[index] = path.nominal
            maximum[index] = path.capacity.maximum(nominal: path.nominal)
        }
        self.nominal = nominal
        self.maximum = maximum
        capacity = nominal
        pathHistory = Array(
            repeating: Array(repeating: PathSample(), count: paths.count), count: SiteView.pathDepth)
    }

    /// The highest demand of each class over the last ten intervals (five seconds).
    public var peakDemand: ClassVector {
        demandHistory.suffix(10).reduce(ClassVector()) { $0.replacing(with: $1, where: $1 .> $0) }
    }

    /// Seconds that the fullest path would need to empty its queues.
    public var worstDelay: Double {
        let newest = pathHistory[SiteView.pathDepth - 1]
        return paths.indices.map { newest[$0].backlog * 0.05 * nominal[$0] / capacity[$0] }.max() ?? 0
    }

    /// Takes in the counters of one interval.
    public mutating func observe(_ telemetry: Telemetry) {
        let isFirst = interval < 0
        interval = telemetry.interval
        var samples = pathHistory.removeFirst()
        for path in paths.indices {
            let served = telemetry.served[path].sum() / Scenario.interval
            let backlog = telemetry.backlog[path].sum()
            estimateCapacity(of: path, served: served, backlog: backlog)
            samples[path] = PathSample(
                served: served / nominal[path], backlog: backlog / nominal[path] / 0.05,
                dropped: telemetry.dropped[path].sum() / Scenario.interval / nominal[path])
        }
        pathHistory.append(samples)
        demand = telemetry.demand
        smoothDemand = isFirst ? demand : 0.25 * demand + 0.75 * smoothDemand
        demandHistory.removeFirst()
        demandHistory.append(demand)
        flaggedSources = telemetry.flaggedSources
        elephants = telemetry.elephants
    }

    /// A path with a standing queue shows its capacity by what it serves; one without may have more than it last showed,
    /// so the estimate grows by 4 % an interval.
    private mutating func estimateCapacity(of path: Int, served: Double, backlog: Double) {
        let known = capacity[path]
        let isBusy = backlog > 0.01 * known
        let estimate = isBusy ? 0.5 * known + 0.5 * served : min(max(known * 1.04, served), maximum[path])
        capacity[path] = max(estimate, 0.05 * nominal[path])
    }
}
