// How surprising it is that something is new.

import Learning

/// How often a kind of thing was new for one host, and how much one more new thing says.
///
/// A new peer of a light bulb says more than one of a browser: the value is −log₁₀ of the host's rate of novelty,
/// estimated with the network's rate as eight samples of prior (an empirical Bayes estimate).
struct NoveltyRate {
    private var seen: Float = 0
    private var new: Float = 0

    /// Counts one look at a thing and says what its novelty is worth; zero when it is not new.
    @inline(__always)
    mutating func note(isNew: Bool, network: inout NoveltyRate) -> Float {
        var value: Float = 0
        if isNew {
            let common = (network.new + 1) / (network.seen + 3)
            let rate = min(1, (new + 8 * common) / (seen + 8))
            value = max(0.05, -Float(PortableMath.log(Double(rate))) * 0.4342945)
        }
        count(isNew)
        network.count(isNew)
        return value
    }

    /// Old looks count half once there are many, so that the rate follows a host that changes.
    @inline(__always)
    private mutating func count(_ isNew: Bool) {
        if seen >= 16384 {
            seen *= 0.5
            new *= 0.5
        }
        seen += 1
        if isNew { new += 1 }
    }
}
