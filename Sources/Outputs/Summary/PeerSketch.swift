// Counts different peers in 128 bytes.

import NetTypes

/// Estimates how many different addresses were added: linear counting (Whang, Vander-Zanden, Taylor: A Linear-Time
/// Probabilistic Counting Algorithm for Database Applications, ACM TODS 1990) with 1,024
/// bits.
///
/// Off by a few per cent up to some thousand peers; full, and then a lower bound, at about 7,100.
struct PeerSketch {
    private var bits: InlineArray<16, UInt64> = .init(repeating: 0)

    mutating func add(_ peer: IPAddress) {
        let position = peer.spread >> 54
        bits[Int(position >> 6)] |= 1 << (position & 63)
    }

    /// The estimate.
    var count: Int {
        let empty = bits.indices.reduce(1024) { $0 - bits[$1].nonzeroBitCount }
        return Int((1024 * logarithm(1024 / Double(max(empty, 1)))).rounded())
    }
}

/// The natural logarithm, by the series of the inverse hyperbolic tangent after halving; for values of at least 1.
private func logarithm(_ value: Double) -> Double {
    let ratio = (value.significand - 1) / (value.significand + 1)
    var term = ratio
    var sum = 0.0
    for odd in stride(from: 1.0, through: 41, by: 2) {
        sum += term / odd
        term *= ratio * ratio
    }
    return Double(value.exponent) * 0.693_147_180_559_945_3 + 2 * sum
}
