// Quantiles of delay without keeping every delay.

/// A log-linear histogram: 64 bins for each power of two, so a quantile is exact to under 1.6 %.
public struct LatencyHistogram: Sendable, Equatable {
    private static let binsPerOctave = 64
    /// 2^-14 s is 61 microseconds; anything shorter counts as that.
    private static let lowestExponent = -14
    private static let octaves = 18
    private static let fractionShift = 52 - 6

    private var weights: [Double]
    public private(set) var total = 0.0

    public init() {
        weights = Array(repeating: 0, count: LatencyHistogram.octaves * LatencyHistogram.binsPerOctave)
    }

    /// Adds `weight` (bits, or one for a count) at a delay in seconds.
    mutating func add(_ seconds: Double, weight: Double) {
        weights[LatencyHistogram.bin(seconds)] += weight
        total += weight
    }

    private static func bin(_ seconds: Double) -> Int {
        let bits = Int(truncatingIfNeeded: max(seconds, 0x1p-14).bitPattern >> UInt64(fractionShift))
        let index = bits - (1023 + lowestExponent) * binsPerOctave
        return min(max(index, 0), octaves * binsPerOctave - 1)
    }

    /// The middle of the bin in which the quantile lies, in seconds; nil if nothing was added.
    public func quantile(_ share: Double) -> Double? {
        guard total > 0 else { return nil }
        var sum = 0.0
        for (index, weight) in weights.enumerated() {
            sum += weight
            if sum >= share * total { return LatencyHistogram.middle(of: index) }
        }
        return LatencyHistogram.middle(of: weights.count - 1)
    }

    private static func middle(of index: Int) -> Double {
        let octave = Double(sign: .plus, exponent: lowestExponent + index / binsPerOctave, significand: 1)
        return octave * (1 + (Double(index % binsPerOctave) + 0.5) / Double(binsPerOctave))
    }

    static func += (sum: inout LatencyHistogram, part: LatencyHistogram) {
        for index in sum.weights.indices { sum.weights[index] += part.weights[index] }
        sum.total += part.total
    }
}
