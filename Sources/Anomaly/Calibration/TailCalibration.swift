// From a feature's value to how rarely such a value occurs.

import Learning

/// Surprise of a feature's values: −log₁₀ of the probability of a value at least as large, after a sample.
///
/// Within the sample the probability is empirical. Beyond the largest half percent it follows an exponential tail fitted
/// to the excesses (peaks over threshold: Pickands, Annals of Statistics 3, 1975; for detection Siffer et al., KDD 2017),
/// whose mean is not allowed below `leastExcess`: without that floor everything never seen before would be infinitely
/// surprising.
struct TailCalibration {
    /// Smallest mean excess, in units of the feature (natural logarithms, mostly).
    static let leastExcess: Float = 0.35
    /// The largest surprise.
    static let limit: Float = 8
    /// How far the fitted tail may exceed the empirical surprise.
    private static let mostBeyond: Float = 4
    private static let perDecade: Float = 0.4342945

    /// Positive values of the sample, ascending.
    private var values: [Float] = []
    /// The different ones among them, ascending, and the empirical surprise of each; one more for what is larger.
    private var levels: [Float] = []
    private var surprises: [Float] = []
    /// Where in `levels` each of `cells` equal pieces of their range begins, and the end: what a search starts from.
    private var starts: [Int32] = []
    /// The largest surprise within each piece, the tail's aside.
    private var most: [Float] = []
    private var cellsPerUnit: Float = 0
    private static let cells = 128
    private var count = 0
    private var countSurprise: Float = 0
    private var tailStart: Float = 0
    private var tailSurprise: Float = 0
    private var excess = Self.leastExcess

    /// No sample: nothing is surprising.
    init() {}

    /// - Parameters:
    ///   - positive: the sample's positive values, in any order.
    ///   - count: size of the sample, zeros included.
    init(positive: [Float], count: Int) {
        precondition(positive.count <= count, "more positive values than values")
        let values = RadixSort.ascending(positive)
        self.values = values
        self.count = count
        countSurprise = Self.decades(count + 1)
        indexCells()
        guard count > 0 else { return }
        let tail = min(count, max(10, count / 200))
        let value = { (rank: Int) -> Float in rank <= values.count ? values[values.count - rank] : 0 }
        tailStart = value(tail)
        var sum: Float = 0
        for rank in 1...tail { sum += value(rank) - tailStart }
        excess = max(sum / Float(tail), 0.08 * tailStart, Self.leastExcess)
        tailSurprise = Self.decades(count) - Self.decades(tail)
    }

    private mutating func indexCells() {
        guard let first = values.first, let last = values.last else {
            surprises = [countSurprise]
            return
        }
        for (rank, value) in values.enumerated() where value != levels.last {
            levels.append(value)
            surprises.append(countSurprise - Self.decades(values.count - rank + 1))
        }
        surprises.append(countSurprise)
        let perUnit = last > first ? Float(Self.cells) / (last - first) : 0
        cellsPerUnit = perUnit.isFinite ? perUnit : 0
        for (index, level) in levels.enumerated() {
            while starts.count <= cell(level) { starts.append(Int32(index)) }
        }
        while starts.count <= Self.cells { starts.append(Int32(levels.count)) }
        most = starts.dropFirst().map { surprises[Int($0)] }
    }

    /// The piece of the range that a value not above the largest lies in. It never falls as the value grows.
    @inline(__always)
    private func cell(_ value: Float) -> Int {
        Int(max(0, min(Float(Self.cells - 1), (value - levels[0]) * cellsPerUnit)))
    }

    /// Whether there is a sample.
    var isFitted: Bool { count > 0 }

    /// The surprise of a value, from 0 to `limit`; zero for values that are not positive.
    @inline(__always)
    func surprise(_ value: Float) -> Float {
        guard value > 0, count > 0 else { return 0 }
        let empirical = surprises[rank(value)]
        guard value > tailStart else { return min(Self.limit, max(0, empirical)) }
        let fitted = tailSurprise + (value - tailStart) / excess * Self.perDecade
        return min(Self.limit, max(0, min(fitted, empirical + Self.mostBeyond)))
    }

    /// A bound of the surprise that is quicker to find: no value of the same piece of the range is more surprising.
    @inline(__always)
    func mostSurprise(_ value: Float) -> Float {
        guard value > 0, count > 0 else { return 0 }
        let isWithin = levels.last.map { value <= $0 } ?? false
        let empirical = isWithin ? most[cell(value)] : countSurprise
        guard value > tailStart else { return min(Self.limit, max(0, empirical)) }
        let fitted = tailSurprise + (value - tailStart) / excess * Self.perDecade
        return min(Self.limit, max(0, min(fitted, empirical + Self.mostBeyond)))
    }

    /// The value that is exceeded with the given probability in the sample, zero when even that is rarer.
    func quantile(exceededBy probability: Float) -> Float {
        let rank = Int(probability * Float(count))
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

    /// How many of the different values of the sample are smaller.
    @inline(__always)
    private func rank(_ value: Float) -> Int {
        guard let last = levels.last, value <= last else { return levels.count }
        let cell = cell(value)
        var low = Int(starts[cell])
        var high = Int(starts[cell + 1])
        while low < high {
            let middle = (low + high) >> 1
            if levels[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The logarithm to base ten of a count, looked up for counts of a sample.
    @inline(__always)
    private static func decades(_ count: Int) -> Float {
        count < table.count ? table[count] : logarithm(count)
    }

    private static let table: [Float] = (0...(CalibrationSample.capacity + 1)).map { $0 == 0 ? 0 : logarithm($0) }

    private static func logarithm(_ count: Int) -> Float { Float(PortableMath.log(Double(count))) * perDecade }

    /// Saves the sample, or fits to a saved one.
    mutating func exchange(_ archive: ModelArchive) {
        var sample = values
        var size = count
        archive.exchange(&sample, atMost: 1 << 24)
        archive.exchange(count: &size, atMost: 1 << 24)
        guard archive.isReading else { return }
        guard sample.count <= size else { return archive.refuse() }
        self = TailCalibration(positive: sample, count: size)
    }
}
