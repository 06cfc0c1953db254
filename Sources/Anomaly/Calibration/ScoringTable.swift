// Calibration and policy in the layout that scoring reads.

/// Everything that turns a row of features into scores, side by side in memory: rows are scored for every event, while
/// calibration and policy change every few minutes at most. Made anew after each calibration; read only.
final class ScoringTable {
    /// What is known of a feature. Searches go by numbers in `numbers` and `places`.
    private struct Entry {
        var family: Int32 = 0
        /// How many different values the sample has.
        var levels: Int32 = 0
        /// Where they begin; the empirical surprises follow, then the largest surprise of each piece of their range.
        var firstNumber: Int32 = 0
        /// Where the piece's places in the levels begin.
        var firstPlace: Int32 = 0
        var alertLimit: Float = 0
        var tail = TailFit()
        var lowest: Float = 0
        var highest: Float = -.infinity
        var cellsPerUnit: Float = 0
    }

    private struct Rule {
        var weight: Float
        var cap: Float
    }

    private let entries: UnsafeMutablePointer<Entry>
    private let rules: UnsafeMutablePointer<Rule>
    private let numbers: UnsafeMutablePointer<Float>
    private let places: UnsafeMutablePointer<Int32>
    /// Of each feature, a value up to which it adds nothing to an alert's score.
    let quiet: FeatureFloors
    /// Zero for each feature.
    let zero: FeatureFloors
    let flowMargin: Float
    private let alertMargin: Float
    /// Whether there is a calibration at all.
    let isFitted: Bool

    /// - Parameters:
    ///   - calibration: one for each feature, in the order of the layout.
    ///   - policy: what counts how much.
    init(_ calibration: [TailCalibration], _ policy: DetectionPolicy) {
        precondition(calibration.count == Feature.allCases.count, "one calibration for each feature")
        flowMargin = policy.flowMargin
        alertMargin = policy.alertMargin
        isFitted = calibration[0].isFitted
        entries = .allocate(capacity: calibration.count)
        rules = .allocate(capacity: policy.families.count)
        numbers = .allocate(capacity: max(1, calibration.reduce(0) { $0 + $1.search.numbers }))
        places = .allocate(capacity: max(1, calibration.reduce(0) { $0 + $1.search.starts.count }))
        for (index, rule) in policy.families.enumerated() {
            (rules + index).initialize(to: Rule(weight: rule.weight, cap: rule.cap))
        }
        quiet = FeatureFloors(calibration.map { $0.largest(ofSurprise: policy.alertMargin) })
        zero = FeatureFloors(calibration.map { _ in 0 })
        var number = 0
        var place = 0
        for (feature, tail) in calibration.enumerated() {
            let specification = Feature.specifications[feature]
            let search = tail.search
            (entries + feature).initialize(
                to: Entry(
                    family: Int32(specification.family.rawValue), levels: Int32(search.levels.count),
                    firstNumber: Int32(number), firstPlace: Int32(place), alertLimit: specification.alertLimit,
                    tail: tail.fit, lowest: search.levels.first ?? 0, highest: search.levels.last ?? -.infinity,
                    cellsPerUnit: search.cellsPerUnit))
            for part in [search.levels, search.surprises, search.most] {
                (numbers + number).initialize(from: part, count: part.count)
                number += part.count
            }
            (places + place).initialize(from: search.starts, count: search.starts.count)
            place += search.starts.count
        }
    }

    deinit {
        entries.deallocate()
        rules.deallocate()
        quiet.deallocate()
        zero.deallocate()
        numbers.deallocate()
        places.deallocate()
    }

    @inline(__always)
    func family(_ feature: Int) -> Int { Int(entries[feature].family) }

    /// The largest surprise of a feature that counts in an alert.
    @inline(__always)
    func alertLimit(_ feature: Int) -> Float { entries[feature].alertLimit }

    /// As `TailCalibration.surprise`.
    @inline(__always)
    func surprise(_ feature: Int, _ value: Float) -> Float {
        let entry = entries + feature
        guard value > 0, entry.pointee.tail.count > 0 else { return 0 }
        guard value <= entry.pointee.highest else {
            return entry.pointee.tail.surprise(value, empirical: entry.pointee.tail.countSurprise)
        }
        let levels = numbers + Int(entry.pointee.firstNumber)
        let cell = places + (Int(entry.pointee.firstPlace) + self.cell(entry, value))
        var low = Int(cell[0])
        var high = Int(cell[1])
        while low < high {
            let middle = (low &+ high) >> 1
            if levels[middle] < value { low = middle &+ 1 } else { high = middle }
        }
        return entry.pointee.tail.surprise(value, empirical: levels[Int(entry.pointee.levels) &+ low])
    }

    /// A bound of the surprise that is quicker to find: no value of the same piece of the range is more surprising.
    @inline(__always)
    func mostSurprise(_ feature: Int, _ value: Float) -> Float {
        let entry = entries + feature
        guard value > 0, entry.pointee.tail.count > 0 else { return 0 }
        guard value <= entry.pointee.highest else {
            return entry.pointee.tail.surprise(value, empirical: entry.pointee.tail.countSurprise)
        }
        let most = numbers + (Int(entry.pointee.firstNumber) &+ 2 &* Int(entry.pointee.levels) &+ 1)
        return entry.pointee.tail.surprise(value, empirical: most[cell(entry, value)])
    }

    @inline(__always)
    private func cell(_ entry: UnsafeMutablePointer<Entry>, _ value: Float) -> Int {
        TailSearch.cell(value, lowest: entry.pointee.lowest, perUnit: entry.pointee.cellsPerUnit)
    }

    /// What a family's surprise adds to an alert's score.
    @inline(__always)
    func part(_ surprise: Float, _ family: Int) -> Float {
        rules[family].weight * min(rules[family].cap, max(0, surprise - alertMargin))
    }
}

/// A value for each feature, of which only larger ones are of interest. Lives as long as its table.
struct FeatureFloors {
    private let values: UnsafeMutablePointer<Float>

    fileprivate init(_ floors: [Float]) {
        values = .allocate(capacity: floors.count)
        values.initialize(from: floors, count: floors.count)
    }

    fileprivate func deallocate() { values.deallocate() }

    @inline(__always)
    subscript(feature: Int) -> Float { values[feature] }
}
