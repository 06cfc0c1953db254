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

/// The rates of one host, or of the network: one lane for each feature of novelty (`Feature.noveltyLanes`).
struct NoveltyRates {
    static let capacity = 27

    private var lanes: InlineArray<27, NoveltyRate> = .init(repeating: NoveltyRate())

    /// Counts one look at a thing of a lane and says what its novelty is worth; zero when it is not new.
    @inline(__always)
    mutating func note(isNew: Bool, _ lane: Int, network: inout NoveltyRates) -> Float {
        lanes[lane].note(isNew: isNew, network: &network.lanes[lane])
    }
}

extension Feature {
    /// The lane of each feature that measures novelty, in the order of the layout; others have none.
    static let noveltyLanes: [Int] = {
        var next = 0
        return specifications.map { specification in
            guard specification.unit == .novelty else { return -1 }
            precondition(next < NoveltyRates.capacity, "more features of novelty than lanes")
            next += 1
            return next - 1
        }
    }()
}
