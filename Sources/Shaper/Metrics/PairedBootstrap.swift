// How sure a difference between two policies is, given the same seeds for both.

/// A difference with its 95 per cent confidence interval.
public struct Estimate: Sendable, Equatable {
    public var value: Double
    public var low: Double
    public var high: Double
}

/// The percentile bootstrap of Efron over pairs: each resample draws whole seeds, so what a seed does to both policies
/// cancels.
public enum PairedBootstrap {
    /// Resamples that each interval rests on.
    public static let resamples = 4000

    /// Change of the mean in per cent of the baseline's mean.
    public static func percentChange(policy: [Double], baseline: [Double], seed: UInt64 = 1) -> Estimate {
        estimate(policy, baseline, seed: seed) { policy, baseline in
            baseline == 0 ? 0 : 100 * (policy / baseline - 1)
        }
    }

    /// Difference of the means in the metric's own unit.
    public static func difference(policy: [Double], baseline: [Double], seed: UInt64 = 1) -> Estimate {
        estimate(policy, baseline, seed: seed) { $0 - $1 }
    }

    private static func estimate(
        _ policy: [Double], _ baseline: [Double], seed: UInt64, compare: (Double, Double) -> Double
    ) -> Estimate {
        precondition(policy.count == baseline.count && !policy.isEmpty, "Pairs need both their halves")
        var random = PCG64(seed: seed)
        let count = Double(policy.count)
        var results: [Double] = []
        results.reserveCapacity(resamples)
        for _ in 0..<resamples {
            var policySum = 0.0
            var baselineSum = 0.0
            for _ in policy.indices {
                let index = random.index(below: policy.count)
                policySum += policy[index]
                baselineSum += baseline[index]
            }
            results.append(compare(policySum / count, baselineSum / count))
        }
        results.sort()
        let value = compare(policy.reduce(0, +) / count, baseline.reduce(0, +) / count)
        return Estimate(value: value, low: quantile(results, 0.025), high: quantile(results, 0.975))
    }

    /// Linear interpolation between the closest ranks of sorted values.
    private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        let position = share * Double(sorted.count - 1)
        let lower = Int(position)
        let upper = min(lower + 1, sorted.count - 1)
        return sorted[lower] + (sorted[upper] - sorted[lower]) * (position - Double(lower))
    }
}
