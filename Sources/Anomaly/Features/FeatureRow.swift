// The features of one flow at one moment.

/// A value and an observation for each feature. Zero means nothing unusual.
struct FeatureRow {
    private(set) var values = [Float](repeating: 0, count: Feature.allCases.count)
    private(set) var observed = [Float](repeating: 0, count: Feature.allCases.count)

    /// Sets all features to zero.
    mutating func clear() {
        for index in values.indices { values[index] = 0 }
    }

    /// Raises a feature to a value.
    @inline(__always)
    mutating func raise(_ feature: Int, to value: Float, observed seen: Float) {
        if value > values[feature] {
            values[feature] = value
            observed[feature] = seen
        }
    }

    subscript(feature: Feature) -> Float { values[feature.rawValue] }
}
