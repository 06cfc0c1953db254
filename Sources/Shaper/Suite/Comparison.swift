// One policy against another on the same seeds.

/// A change with its confidence interval, as reports and JSON carry it.
public struct Comparison: Sendable, Equatable {
    /// Where the seeds and the load come from, such as "test" or "unseen mix".
    public var setting: String
    public var policy: String
    public var baseline: String
    public var metric: Metric
    /// Change in per cent of the baseline, or in units for the metrics that compare by difference.
    public var estimate: Estimate
    /// Paired runs behind the figure.
    public var pairs: Int

    /// Compares runs that are paired by position; nil if no pair has the metric.
    static func between(
        _ policy: (name: String, runs: [RunMetrics]), _ baseline: (name: String, runs: [RunMetrics]),
        metric: Metric, setting: String
    ) -> Comparison? {
        let pairs = zip(policy.runs, baseline.runs).compactMap { first, second in
            metric.value(of: first).flatMap { value in metric.value(of: second).map { (value, $0) } }
        }
        guard !pairs.isEmpty else { return nil }
        let estimate =
            metric.comparesByDifference
            ? PairedBootstrap.difference(policy: pairs.map(\.0), baseline: pairs.map(\.1))
            : PairedBootstrap.percentChange(policy: pairs.map(\.0), baseline: pairs.map(\.1))
        return Comparison(
            setting: setting, policy: policy.name, baseline: baseline.name, metric: metric, estimate: estimate,
            pairs: pairs.count)
    }
}
