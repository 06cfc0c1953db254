// The tail beyond a sample.

import Learning

/// What is believed of a feature's values beyond those seen.
enum TailModel: Sendable {
    /// They fall off exponentially. One number is fitted, which few values give well enough.
    case exponential
    /// They follow the generalized Pareto distribution that fits the largest fiftieth best, as SPOT has it (Siffer et al., KDD
    /// 2017): for scores of models, whose tails have any shape.
    case generalizedPareto
}

/// What the surprise of a value is made of once its empirical surprise is known.
struct TailFit {
    /// The largest surprise.
    static let limit: Float = 8
    /// How far the fitted tail may exceed the empirical surprise.
    private static let mostBeyond: Float = 4
    static let perDecade: Float = 0.4342945

    /// Size of the sample; zero for none.
    var count = 0
    /// The empirical surprise of what is larger than everything in the sample.
    var countSurprise: Float = 0
    /// Where the tail begins, its surprise there, and its mean excess.
    var start: Float = 0
    var surprise: Float = 0
    var excess: Float = 1
    /// Shape of the tail: zero for an exponential one.
    var shape: Float = 0

    /// The surprise of a value, from 0 to `limit`.
    @inline(__always)
    func surprise(_ value: Float, empirical: Float) -> Float {
        guard value > start else { return min(Self.limit, max(0, empirical)) }
        let units = (value - start) / excess
        let fitted = surprise + (shape == 0 ? units : Self.bent(units, shape)) * Self.perDecade
        return min(Self.limit, max(0, min(fitted, empirical + Self.mostBeyond)))
    }

    /// −ln of the tail probability of a generalized Pareto distribution of scale 1; as much as counts beyond its end.
    private static func bent(_ units: Float, _ shape: Float) -> Float {
        let inner = Double(shape * units)
        return inner <= -1 + 1e-6 ? limit / perDecade : Float(PortableMath.logOnePlus(inner)) / shape
    }
}
