// What one run of one policy came to.

/// The figures of a run, each with its unit.
public struct RunMetrics: Sendable, Equatable {
    /// Mean over the intervals; see `Accounts.utility`.
    public var utility: Double
    /// Byte-weighted one-way delay of legitimate traffic with propagation, in milliseconds.
    public var meanLatency: Double
    /// 99th percentile of delay by class in milliseconds; nil for a class that had no traffic.
    public var latency99: [Double?]
    /// Mean and 99th percentile over voice and video together, in milliseconds.
    public var realTimeLatency: Double
    public var realTimeLatency99: Double
    /// Legitimate bytes lost, in per cent of those offered.
    public var legitimateLoss: Double
    public var realTimeLoss: Double
    /// Legitimate bytes delivered, in per cent of what the paths could have carried.
    public var usefulUtilisation: Double
    /// Mean and 99th percentile of the completion time of web objects, in milliseconds.
    public var webCompletionTime: Double
    public var webCompletionTime99: Double
    /// Attack bytes that left a path, in per cent of those sent; nil without an attack.
    public var attackBytesPassed: Double?
    /// Legitimate bytes cut by the limiter, in per cent of those offered.
    public var legitimateLimited: Double
    /// Live flows moved to another path per interval.
    public var flowsMoved: Double

    /// Figures that were measured on packets.
    ///
    /// - Parameter attackBytesPassed: Nil without an attack.
    public init(
        meanLatency: Double, realTimeLatency: Double, realTimeLatency99: Double, legitimateLoss: Double,
        realTimeLoss: Double, usefulUtilisation: Double, webCompletionTime: Double, webCompletionTime99: Double,
        attackBytesPassed: Double?
    ) {
        utility = .nan
        self.meanLatency = meanLatency
        latency99 = Array(repeating: nil, count: TrafficClass.count)
        self.realTimeLatency = realTimeLatency
        self.realTimeLatency99 = realTimeLatency99
        self.legitimateLoss = legitimateLoss
        self.realTimeLoss = realTimeLoss
        self.usefulUtilisation = usefulUtilisation
        self.webCompletionTime = webCompletionTime
        self.webCompletionTime99 = webCompletionTime99
        self.attackBytesPassed = attackBytesPassed
        legitimateLimited = .nan
        flowsMoved = .nan
    }

    /// Sums up a run.
    ///
    /// - Parameters:
    ///   - simulator: The run after its last interval.
    ///   - utility: The mean utility of its intervals.
    init(_ simulator: borrowing Simulator, utility: Double) {
        let total = simulator.total
        let attack = TrafficClass.quarantine.rawValue
        func milliseconds(_ seconds: Double?) -> Double { 1e3 * (seconds ?? 0) }
        self.utility = utility
        meanLatency = 1e3 * total.delay.legitimate / max(total.delivered.legitimate, 1)
        latency99 = simulator.latency.map { $0.quantile(0.99).map { 1e3 * $0 } }
        realTimeLatency = 1e3 * total.delay.realTime / max(total.delivered.realTime, 1)
        var realTime = simulator.latency[TrafficClass.voice.rawValue]
        realTime += simulator.latency[TrafficClass.video.rawValue]
        realTimeLatency99 = milliseconds(realTime.quantile(0.99))
        legitimateLoss = 100 * total.dropped.legitimate / max(total.offered.legitimate, 1)
        realTimeLoss = 100 * total.dropped.realTime / max(total.offered.realTime, 1)
        usefulUtilisation = 100 * total.delivered.legitimate / max(total.capacity, 1)
        webCompletionTime = 1e3 * simulator.webCompletionSum / max(simulator.webCompletion.total, 1)
        webCompletionTime99 = milliseconds(simulator.webCompletion.quantile(0.99))
        attackBytesPassed = total.offered[attack] > 0 ? 100 * total.delivered[attack] / total.offered[attack] : nil
        legitimateLimited = 100 * total.limited.legitimate / max(total.offered.legitimate, 1)
        flowsMoved = Double(total.movedFlows) / Double(max(simulator.interval, 1))
    }
}
