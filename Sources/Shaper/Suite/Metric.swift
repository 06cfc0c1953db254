// The figures that policies are compared by.

/// A figure of a run, with the name that reports use.
public enum Metric: String, CaseIterable, Sendable {
    case meanLatency = "mean_latency"
    case legitimateLoss = "legitimate_loss"
    case usefulUtilisation = "useful_utilisation"
    case utility
    case webCompletionTime = "web_completion_time"
    case attackBytesPassed = "attack_bytes_passed"
    case realTimeLatency99 = "real_time_p99"
    case flowsMoved = "flows_moved"

    /// The unit of the figure itself.
    public var unit: String {
        switch self {
        case .meanLatency, .webCompletionTime, .realTimeLatency99: "ms"
        case .legitimateLoss, .usefulUtilisation, .attackBytesPassed: "%"
        case .utility: ""
        case .flowsMoved: "per interval"
        }
    }

    /// Whether changes are told as differences in the figure's unit and not in per cent.
    public var comparesByDifference: Bool { self == .utility || self == .flowsMoved }

    /// Decimal places worth printing.
    var places: Int {
        switch self {
        case .utility: 3
        case .flowsMoved, .legitimateLoss: 2
        case .meanLatency, .webCompletionTime, .realTimeLatency99, .usefulUtilisation, .attackBytesPassed: 1
        }
    }

    /// The figure of one run; nil if the run has none, such as attack bytes without an attack.
    public func value(of run: RunMetrics) -> Double? {
        switch self {
        case .meanLatency: run.meanLatency
        case .legitimateLoss: run.legitimateLoss
        case .usefulUtilisation: run.usefulUtilisation
        case .utility: run.utility
        case .webCompletionTime: run.webCompletionTime
        case .attackBytesPassed: run.attackBytesPassed
        case .realTimeLatency99: run.realTimeLatency99
        case .flowsMoved: run.flowsMoved
        }
    }

    /// The mean over the runs that have the figure.
    public func mean(of runs: [RunMetrics]) -> Double? {
        let values = runs.compactMap { value(of: $0) }
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
}
