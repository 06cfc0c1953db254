// Finding a value's rank in a sample.

/// The different values of a sample with the surprise of each, and an index of their range that a search starts from.
struct TailSearch {
    static let cells = 512

    /// The different values, ascending.
    private(set) var levels: [Float] = []
    /// The empirical surprise of each; one more for what is larger.
    private(set) var surprises: [Float]
    /// Where in `levels` each of `cells` equal pieces of their range begins, and the end.
    private(set) var starts: [Int32] = []
    /// The largest surprise within each piece, the tail's aside.
    private(set) var most: [Float] = []
    private(set) var cellsPerUnit: Float = 0

    /// - Parameters:
    ///   - values: the sample's positive values, ascending.
    ///   - countSurprise: the surprise of what is larger than all.
    ///   - decades: the logarithm to base ten of a count.
    init(_ values: [Float], countSurprise: Float, decades: (Int) -> Float) {
        guard let first = values.first, let last = values.last else {
            surprises = [countSurprise]
            return
        }
        surprises = []
        for (rank, value) in values.enumerated() where value != levels.last {
            levels.append(value)
            surprises.append(countSurprise - decades(values.count - rank + 1))
        }
        surprises.append(countSurprise)
        let perUnit = last > first ? Float(Self.cells) / (last - first) : 0
        cellsPerUnit = perUnit.isFinite ? perUnit : 0
        for (index, level) in levels.enumerated() {
            while starts.count <= Self.cell(level, lowest: first, perUnit: cellsPerUnit) { starts.append(Int32(index)) }
        }
        while starts.count <= Self.cells { starts.append(Int32(levels.count)) }
        most = starts.dropFirst().map { surprises[Int($0)] }
    }

    /// The piece of the range that a value not above the largest lies in. It never falls as the value grows.
    @inline(__always)
    static func cell(_ value: Float, lowest: Float, perUnit: Float) -> Int {
        Int(max(0, min(Float(cells - 1), (value - lowest) * perUnit)))
    }

    /// How many numbers the levels and their surprises are.
    var numbers: Int { levels.count + surprises.count + most.count }

    /// How many of the different values of the sample are smaller.
    func rank(_ value: Float) -> Int {
        guard let first = levels.first, let last = levels.last, value <= last else { return levels.count }
        let cell = Self.cell(value, lowest: first, perUnit: cellsPerUnit)
        var low = Int(starts[cell])
        var high = Int(starts[cell + 1])
        while low < high {
            let middle = (low + high) >> 1
            if levels[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
