// Whether a situation resembles those that a policy was trained in.

/// Mean and deviation of each feature over training; a feature six deviations off is unknown territory.
public struct FeatureRange: Sendable, Equatable {
    public static let limit: Float = 6

    public let mean: [Float]
    /// Standard deviations, never below a hundredth, so that a feature that never moved may move a little.
    public let deviation: [Float]

    public init(mean: [Float], deviation: [Float]) {
        precondition(mean.count == deviation.count, "Every feature has a mean and a deviation")
        self.mean = mean
        self.deviation = deviation.map { max($0, 0.01) }
    }

    /// Whether every feature is a number within six deviations of its mean.
    public func contains(_ features: [Float]) -> Bool {
        precondition(features.count == mean.count, "The range is for these features")
        for index in features.indices {
            let distance = abs(features[index] - mean[index])
            if !(distance <= FeatureRange.limit * deviation[index]) { return false }
        }
        return true
    }
}
