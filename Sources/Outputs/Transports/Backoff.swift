// How long to wait before trying again.

/// Waits that double up to a bound, each shortened by chance so that many senders do not come back at once ("equal
/// jitter": Brooker, Exponential Backoff and Jitter, 2015). The same seed gives the same waits.
public struct Backoff: Sendable {
    private let first: Int
    private let most: Int
    private var random: UInt64
    private var failures = 0

    /// - Parameters:
    ///   - first: milliseconds before the first try after a failure.
    ///   - most: milliseconds that a wait never exceeds.
    ///   - seed: of the chance in it.
    public init(first: Int = 500, most: Int = 30_000, seed: UInt64) {
        precondition(first > 0 && most >= first, "waits grow from the first to the longest")
        self.first = first
        self.most = most
        random = seed
    }

    /// Milliseconds to wait after one more failure: from half of the doubled wait to all of it.
    public mutating func next() -> Int {
        let whole = min(most, first << min(failures, 20))
        failures += 1
        return whole - whole / 2 + Int(draw() % UInt64(max(1, whole / 2 + 1)))
    }

    /// Begins anew after a success.
    public mutating func succeed() {
        failures = 0
    }

    /// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
    private mutating func draw() -> UInt64 {
        random &+= 0x9e37_79b9_7f4a_7c15
        var mixed = random
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
