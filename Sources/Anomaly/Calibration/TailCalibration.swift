// From a feature's value to how rarely such a value occurs.

import Learning

/// Surprise of a feature's values: −log₁₀ of the probability of a value at least as large, after a sample.
///
/// Within the sample the probability is empirical. Beyond the largest half percent it follows an exponential tail fitted
/// to the excesses (peaks over threshold: Pickands, Annals of Statistics 3, 1975; for detection Siffer et al., KDD 2017),
/// whose mean is not allowed below `leastExcess`: without that floor everything never seen before would be infinitely
/// surprising. Scores of models follow a generalized Pareto tail instead (`TailModel`).
struct TailCalibration {
    /// Smallest mean excess, in units of the feature (natural logarithms, mostly).
    static let leastExcess: Float = 0.35
    /// The largest surprise.
    static let limit = TailFit.limit

    /// Positive values of the sample, ascending.
    private var values: [Float] = []
    let search: TailSearch
    private(set) var fit = TailFit()
    private let tail: TailModel

    /// No sample: nothing is surprising.
    init(tail: TailModel = .exponential) {
        self.tail = tail
        search = TailSearch([], countSurprise: 0, decades: Self.decades)
    }

    /// - Parameters:
    ///   - positive: the sample's positive values, in any order.
    ///   - count: size of the sample, zeros included.
    ///   - tail: what is believed of larger values.
    init(positive: [Float], count: Int, tail: TailModel = .exponential) {
        self.tail = tail
        precondition(positive.count <= count, "more positive values than values")
        let values = RadixSort.ascending(positive)
        self.values = values
        fit.count = count
        fit.countSurprise = Self.decades(count + 1)
        fit.excess = Self.leastExcess
        search = TailSearch(values, countSurprise: fit.countSurprise, decades: Self.decades)
        guard count > 0 else { return }
        let size = tail == .exponential ? min(count, max(10, count / 200)) : min(count, max(20, count / 50))
        let value = { (rank: Int) -> Float in rank <= values.count ? values[values.count - rank] : 0 }
        fit.start = value(size)
        fit.surprise = Self.decades(count) - Self.decades(size)
        let excesses = (1...size).map { value($0) - fit.start }
        if tail == .generalizedPareto, excesses[0] > 0 {
            let pareto = GeneralizedPareto(fitting: excesses.map { Double($0) })
            fit.shape = Float(pareto.shape)
            fit.excess = max(Float(pareto.scale), 1e-3)
        } else {
            let sum = excesses.reduce(0, +)
            fit.excess = max(sum / Float(size), 0.08 * fit.start, Self.leastExcess)
        }
    }

    /// Whether there is a sample.
    var isFitted: Bool { fit.count > 0 }

    /// The surprise of a value, from 0 to `limit`; zero for values that are not positive.
    func surprise(_ value: Float) -> Float {
        guard value > 0, fit.count > 0 else { return 0 }
        return fit.surprise(value, empirical: search.surprises[search.rank(value)])
    }

    /// The value that is exceeded with the given probability in the sample, zero when even that is rarer.
    func quantile(exceededBy probability: Float) -> Float {
        let rank = Int(probability * Float(fit.count))
        return rank < values.count ? values[values.count - 1 - rank] : 0
    }

    /// The largest value whose surprise does not exceed the given one.
    func value(ofSurprise surprise: Float) -> Float {
        var low: Float = 0
        var high: Float = 1
        while self.surprise(high) <= surprise, high < 1e6 { high *= 2 }
        for _ in 0..<40 {
            let middle = (low + high) * 0.5
            if self.surprise(middle) <= surprise { low = middle } else { high = middle }
        }
        return low
    }

    /// A value of the sample below the tail up to which no surprise exceeds the given one; zero when there is none.
    func largest(ofSurprise surprise: Float) -> Float {
        var low = 0
        var high = search.levels.count
        while low < high {
            let middle = (low + high) / 2
            if search.levels[middle] <= fit.start, search.surprises[middle] <= surprise {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low > 0 ? search.levels[low - 1] : 0
    }

    /// The logarithm to base ten of a count, looked up for counts of a sample.
    @inline(__always)
    private static func decades(_ count: Int) -> Float {
        count < table.count ? table[count] : logarithm(count)
    }

    private static let table: [Float] = (0...(CalibrationSample.capacity + 1)).map { $0 == 0 ? 0 : logarithm($0) }

    private static func logarithm(_ count: Int) -> Float { Float(PortableMath.log(Double(count))) * TailFit.perDecade }

    /// Saves the sample, or fits to a saved one.
    mutating func exchange(_ archive: ModelArchive) {
        var sample = values
        var size = fit.count
        archive.exchange(&sample, atMost: 1 << 24)
        archive.exchange(count: &size, atMost: 1 << 24)
        guard archive.isReading else { return }
        guard sample.count <= size else { return archive.refuse() }
        self = TailCalibration(positive: sample, count: size, tail: tail)
    }
}
