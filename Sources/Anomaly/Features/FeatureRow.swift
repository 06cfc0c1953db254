// The features of one flow at one moment.

/// A value and an observation for each feature. Zero means nothing unusual.
///
/// One row serves a whole run; it is filled and cleared for every flow. One thread at a time may use it.
final class FeatureRow {
    private let values: UnsafeMutablePointer<Float>
    private let seen: UnsafeMutablePointer<Float>
    /// One bit for each feature that is not zero: few are, so that most of a row need not be looked at.
    @exclusivity(unchecked) private(set) var present: UInt128 = 0

    init() {
        values = ZeroedMemory.reserve(Feature.allCases.count)
        seen = ZeroedMemory.reserve(Feature.allCases.count)
    }

    deinit {
        ZeroedMemory.release(values)
        ZeroedMemory.release(seen)
    }

    /// Sets all features to zero.
    func clear() {
        for feature in SetBits(present) { values[feature] = 0 }
        present = 0
    }

    /// Raises a feature to a value.
    @inline(__always)
    func raise(_ feature: Int, to value: Float, observed: Float) {
        if value > values[feature] {
            values[feature] = value
            seen[feature] = observed
            present |= 1 << UInt128(truncatingIfNeeded: feature)
        }
    }

    subscript(feature: Feature) -> Float { values[feature.rawValue] }

    /// The value of a feature by its number.
    @inline(__always)
    subscript(feature: Int) -> Float { values[feature] }

    /// What was observed of a feature when it got its value.
    func observed(_ feature: Feature) -> Float { seen[feature.rawValue] }
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
