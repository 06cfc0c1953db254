// When connections began, and how regular that is.

/// How regular the last connections of a pair are, however long they were silent between.
///
/// The period is the median gap. A gap counts as regular when it is near a multiple of the period, so that a beacon whose
/// sender slept, or whose packets were lost, stays regular; jitter lowers the result in proportion. Compare the dispersion
/// measures of RITA (Active Countermeasures), which take one missed beacon for irregularity.
enum StartTimes {
    /// Least gaps for an estimate.
    static let fewest = 4
    /// Shortest period in seconds: below it, connections follow each other because a page or a program opens many.
    static let shortestPeriod: Float = 3

    /// From 0, no better than chance, to 1, as a clock.
    ///
    /// - Parameter gaps: seconds between starts, in any order; reordered.
    static func regularity(_ gaps: inout InlineArray<12, Float>, count: Int) -> Float {
        guard count >= fewest else { return 0 }
        sort(&gaps, count)
        let period = gaps[count / 2]
        guard period >= shortestPeriod else { return 0 }
        for index in 0..<count {
            let periods = max(1, (gaps[index] / period).rounded())
            // Far multiples fit anything: their deviation is taken as a share of the gap.
            gaps[index] = abs(gaps[index] / period - periods) / (periods * 0.5 + 0.5)
        }
        sort(&gaps, count)
        // Of gaps without order, half lie farther than a quarter of a period from a multiple.
        let deviation = gaps[count / 2]
        let confidence = Float(count) / Float(count + 3)
        return max(0, 1 - 4 * deviation) * confidence
    }

    private static func sort(_ values: inout InlineArray<12, Float>, _ count: Int) {
        for index in 1..<count {
            let value = values[index]
            var place = index
            while place > 0, values[place - 1] > value {
                values[place] = values[place - 1]
                place -= 1
            }
            values[place] = value
        }
    }
}
