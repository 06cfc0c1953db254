// The one generator that everything random in this module draws from.

import Glibc

/// PCG64 (O'Neill: PCG, a Family of Simple Fast Space-Efficient Statistically Good Algorithms, 2014; XSL-RR output of a
/// 128-bit linear congruential step), seeded by the hash that NumPy's `SeedSequence` uses.
///
/// The same seed gives the same numbers as `numpy.random.default_rng(seed)`, so a trace drawn here can be compared
/// number by number with one drawn by a study in Python.
public struct PCG64: RandomNumberGenerator, Sendable {
    private static let multiplier: UInt128 = 0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645

    private var state: UInt128 = 0
    private let increment: UInt128
    private var spareHalf: UInt32?

    public init(seed: UInt64) {
        let words = SeedHash(entropy: seed).words()
        let start = UInt128(words[0]) << 64 | UInt128(words[1])
        increment = (UInt128(words[2]) << 64 | UInt128(words[3])) << 1 | 1
        step()
        state &+= start
        step()
    }

    private mutating func step() {
        state = state &* PCG64.multiplier &+ increment
    }

    public mutating func next() -> UInt64 {
        step()
        let folded = UInt64(truncatingIfNeeded: state >> 64) ^ UInt64(truncatingIfNeeded: state)
        let turn = UInt64(truncatingIfNeeded: state >> 122)
        return folded >> turn | folded << (64 &- turn & 63)
    }

    /// The low half of a draw first, then its high half.
    private mutating func nextHalf() -> UInt32 {
        if let half = spareHalf {
            spareHalf = nil
            return half
        }
        let whole = next()
        spareHalf = UInt32(truncatingIfNeeded: whole >> 32)
        return UInt32(truncatingIfNeeded: whole)
    }

    /// Uniform in [0, 1).
    public mutating func uniform() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// Uniform in [low, high).
    public mutating func uniform(_ low: Double, _ high: Double) -> Double {
        low + (high - low) * uniform()
    }

    /// Uniform in 0..<bound (Lemire: Fast Random Integer Generation in an Interval, 2019).
    public mutating func index(below bound: Int) -> Int {
        precondition(bound > 0 && bound < UInt32.max, "The interval has between one and 2^32 - 2 members")
        guard bound > 1 else { return 0 }
        let width = UInt32(bound)
        var product = UInt64(nextHalf()) * UInt64(width)
        if UInt32(truncatingIfNeeded: product) < width {
            let threshold = (0 &- width) % width
            while UInt32(truncatingIfNeeded: product) < threshold {
                product = UInt64(nextHalf()) * UInt64(width)
            }
        }
        return Int(product >> 32)
    }

    /// Exponential with the given mean (ziggurat of Marsaglia and Tsang 2000).
    public mutating func exponential(mean: Double = 1) -> Double {
        let table = Ziggurat.exponential
        while true {
            var bits = next() >> 3
            let layer = Int(bits & 0xff)
            bits >>= 8
            let value = Double(bits) * table.width[layer]
            if bits < table.inside[layer] { return mean * value }
            if layer == 0 { return mean * (Ziggurat.exponentialTail - log1p(-uniform())) }
            if (table.height[layer - 1] - table.height[layer]) * uniform() + table.height[layer] < exp(-value) {
                return mean * value
            }
        }
    }

    /// Lomax, that is Pareto of the second kind from zero on, with the given tail index.
    public mutating func pareto(index: Double) -> Double {
        expm1(exponential() / index)
    }

    /// Standard normal (ziggurat of Marsaglia and Tsang 2000).
    public mutating func normal() -> Double {
        let table = Ziggurat.normal
        while true {
            let bits = next()
            let layer = Int(bits & 0xff)
            let magnitude = bits >> 9 & 0x000f_ffff_ffff_ffff
            let value = (bits >> 8 & 1 == 1 ? -1 : 1) * Double(magnitude) * table.width[layer]
            if magnitude < table.inside[layer] { return value }
            if layer == 0 {
                let tail = normalTail()
                return magnitude >> 8 & 1 == 1 ? -tail : tail
            }
            let height = (table.height[layer - 1] - table.height[layer]) * uniform() + table.height[layer]
            if height < exp(-0.5 * value * value) { return value }
        }
    }

    private mutating func normalTail() -> Double {
        while true {
            let overshoot = -log1p(-uniform()) / Ziggurat.normalTail
            let threshold = -log1p(-uniform())
            if threshold + threshold > overshoot * overshoot { return Ziggurat.normalTail + overshoot }
        }
    }
}
