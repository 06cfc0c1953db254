// The distribution of what exceeds a high threshold.

import Learning

/// A generalized Pareto distribution: what excesses over a high threshold follow, whatever the values themselves follow
/// (Pickands, Annals of Statistics 3, 1975; Balkema and de Haan, Annals of Probability 2, 1974).
struct GeneralizedPareto: Equatable {
    /// Zero for an exponential tail, positive for a heavier one, negative for one that ends.
    var shape: Double
    var scale: Double

    /// Least shape that is believed: below, the likelihood has no regular maximum (Smith, Biometrika 72, 1985).
    private static let leastShape = -0.5
    /// Shapes nearer to zero are zero.
    private static let grain = 1e-9

    init(shape: Double, scale: Double) {
        self.shape = shape
        self.scale = scale
    }

    /// The distribution under which the excesses are likeliest.
    ///
    /// For a given ratio θ of shape to scale the likeliest shape is the mean of ln(1 + θ y), so that one number is searched
    /// (Grimshaw, Technometrics 35, 1993, as SPOT does: Siffer et al., KDD 2017): along a grid, then by golden sections.
    ///
    /// - Parameter excesses: not negative, and not all zero.
    init(fitting excesses: [Double]) {
        let largest = excesses.max() ?? 0
        precondition(largest > 0, "nothing exceeds the threshold")
        let mean = excesses.reduce(0, +) / Double(excesses.count)
        // From just above the ratio at which the tail would end before the largest excess, to a very heavy tail.
        let lowest = -(1 - 1e-7) / largest
        let steps = 48
        let at = { (step: Int) -> Double in
            let position = Double(step) / Double(steps)
            return lowest + (20 / mean - lowest) * position * position * position
        }
        var best = 0
        for step in 1...steps where Self.value(at(step), excesses) > Self.value(at(best), excesses) { best = step }
        var low = at(max(0, best - 1))
        var high = at(min(steps, best + 1))
        let golden = 0.618_033_988_749_894_9
        for _ in 0..<80 {
            let (left, right) = (high - golden * (high - low), low + golden * (high - low))
            if Self.value(left, excesses) < Self.value(right, excesses) { low = left } else { high = right }
        }
        let ratio = (low + high) / 2
        let fitted = Self.shape(ratio, excesses)
        if abs(fitted) < Self.grain || abs(ratio) < Self.grain / largest {
            self.init(shape: 0, scale: mean)
        } else {
            self.init(shape: fitted, scale: fitted / ratio)
        }
    }

    /// The likeliest shape for a ratio.
    private static func shape(_ ratio: Double, _ excesses: [Double]) -> Double {
        excesses.reduce(0) { $0 + PortableMath.logOnePlus(ratio * $1) } / Double(excesses.count)
    }

    /// The logarithm of the likelihood at a ratio, for one excess in the mean.
    private static func value(_ ratio: Double, _ excesses: [Double]) -> Double {
        let shape = shape(ratio, excesses)
        guard shape >= leastShape else { return -.infinity }
        guard abs(shape) >= grain, shape / ratio > 0 else {
            return -PortableMath.log(excesses.reduce(0, +) / Double(excesses.count)) - 1
        }
        return -PortableMath.log(shape / ratio) - shape - 1
    }

    /// Natural logarithm of the probability of exceeding an excess; minus infinity beyond the tail's end.
    func logTail(_ excess: Double) -> Double {
        guard excess > 0 else { return 0 }
        guard abs(shape) >= Self.grain else { return -excess / scale }
        let inner = shape * excess / scale
        return inner <= -1 ? -.infinity : -PortableMath.logOnePlus(inner) / shape
    }

    /// Natural logarithm of the likelihood of some excesses.
    func logLikelihood(_ excesses: [Double]) -> Double {
        excesses.reduce(0) { sum, excess in
            let inner = 1 + shape * excess / scale
            let density = abs(shape) < Self.grain ? -excess / scale : -(1 / shape + 1) * PortableMath.log(inner)
            return sum + density - PortableMath.log(scale)
        }
    }
}
