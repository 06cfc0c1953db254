// The features of one flow at one moment.

/// A value and an observation for each feature. Zero means nothing unusual.
struct FeatureRow {
    private(set) var values = [Float](repeating: 0, count: Feature.allCases.count)
    private(set) var observed = [Float](repeating: 0, count: Feature.allCases.count)
    /// One bit for each feature that is not zero: few are, so that most of a row need not be looked at.
    private(set) var present: UInt128 = 0

    /// Sets all features to zero.
    mutating func clear() {
        for feature in SetBits(present) { values[feature] = 0 }
        present = 0
    }

    /// Raises a feature to a value.
    @inline(__always)
    mutating func raise(_ feature: Int, to value: Float, observed seen: Float) {
        if value > values[feature] {
            values[feature] = value
            observed[feature] = seen
            present |= 1 << UInt128(truncatingIfNeeded: feature)
        }
    }

    subscript(feature: Feature) -> Float { values[feature.rawValue] }
}

/// The numbers of the bits that are set, ascending.
struct SetBits<Word: FixedWidthInteger>: Sequence, IteratorProtocol {
    private var left: Word

    @inline(__always)
    init(_ word: Word) {
        left = word
    }

    @inline(__always)
    mutating func next() -> Int? {
        guard left != 0 else { return nil }
        let bit = left.trailingZeroBitCount
        left &= left &- 1
        return bit
    }
}
