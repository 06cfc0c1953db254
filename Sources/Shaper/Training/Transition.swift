// One decision and what came of it.

/// One decision, what it led to over some intervals, and where it led.
struct Transition: Sendable {
    var features: [Float]
    var choice: Int
    /// Discounted reward over the intervals between the two situations.
    var reward: Float
    var next: [Float]
    /// Bit by bit, which choices the mask allowed in the next situation.
    var nextAllowed: UInt64
}

extension [Bool] {
    /// The first 64 as bits of one word.
    var bits: UInt64 {
        var word: UInt64 = 0
        for (index, isSet) in prefix(64).enumerated() where isSet { word |= 1 << UInt64(index) }
        return word
    }
}
