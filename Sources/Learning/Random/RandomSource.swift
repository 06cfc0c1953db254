// Random numbers that are the same on every machine and with every version of the standard library.

/// xoshiro256** (Blackman and Vigna, Scrambled linear pseudorandom number generators, ACM Trans. Math. Softw. 47, 2021),
/// its state filled by SplitMix64 (Steele, Lea and Flood, Fast splittable pseudorandom number generators, OOPSLA 2014).
///
/// The period is 2^256 − 1. A source is a value: a copy goes on with the same numbers. Not for secrets.
public struct RandomSource: RandomNumberGenerator, Sendable, Equatable {
    @usableFromInline var first: UInt64
    @usableFromInline var second: UInt64
    @usableFromInline var third: UInt64
    @usableFromInline var fourth: UInt64

    /// The second normal deviate of the last pair, not yet handed out.
    @usableFromInline var spareNormal: Double?

    /// Makes the source that belongs to `seed`; every seed is good.
    public init(seed: UInt64) {
        var state = seed
        first = RandomSource.splitMix(&state)
        second = RandomSource.splitMix(&state)
        third = RandomSource.splitMix(&state)
        fourth = RandomSource.splitMix(&state)
    }

    /// Makes a source of its own for part `stream` of a task with one seed, such as one simulated host among many.
    public init(seed: UInt64, stream: UInt64) {
        var state = stream
        self.init(seed: seed ^ RandomSource.splitMix(&state))
    }

    /// One step of SplitMix64.
    static func splitMix(_ state: inout UInt64) -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// 64 random bits.
    @inlinable
    public mutating func next() -> UInt64 {
        let scrambled = second &* 5
        let result = (scrambled << 7 | scrambled >> 57) &* 9
        let shifted = second << 17
        third ^= first
        fourth ^= second
        second ^= third
        first ^= fourth
        third ^= shifted
        fourth = fourth << 45 | fourth >> 19
        return result
    }
}
