// How well a score ranks positives above negatives.

/// Samples in falling order of score, and the figures that depend on this order alone. Equal scores are one step: no
/// figure depends on how ties are broken.
public struct ScoreRanking: Sendable, Equatable {
    /// The outcome if everything from some score on is called positive.
    public struct Point: Sendable, Equatable {
        /// Samples are called positive from this score on.
        public let threshold: Double
        /// Positives that are called positive.
        public let truePositives: Int
        /// Negatives that are called positive.
        public let falsePositives: Int
    }

    /// One point for every different score, highest threshold first.
    public let points: [Point]
    public let positives: Int
    public let negatives: Int

    /// - Parameters:
    ///   - scores: higher means more likely positive; numbers all of them.
    ///   - labels: whether each sample is positive.
    public init(scores: [Double], labels: [Bool]) {
        precondition(scores.count == labels.count, "there are not as many labels as scores")
        precondition(scores.allSatisfy { !$0.isNaN }, "a score is not a number")
        let order = scores.indices.sorted { scores[$0] > scores[$1] }
        var points: [Point] = []
        var truePositives = 0
        var falsePositives = 0
        for (rank, sample) in order.enumerated() {
            if labels[sample] { truePositives += 1 } else { falsePositives += 1 }
            let isLastOfEqual = rank + 1 == order.count || scores[order[rank + 1]] != scores[sample]
            if isLastOfEqual {
                points.append(
                    Point(threshold: scores[sample], truePositives: truePositives, falsePositives: falsePositives))
            }
        }
        self.points = points
        positives = truePositives
        negatives = falsePositives
    }

    /// The area under the receiver operating characteristic: the probability that a random positive has a higher score
    /// than a random negative, ties counting one half (Hanley and McNeil, Radiology 143, 1982). Nil without samples of
    /// both kinds.
    public var areaUnderCurve: Double? {
        guard positives > 0, negatives > 0 else { return nil }
        var twiceArea = 0
        var last = (true: 0, false: 0)
        for point in points {
            twiceArea += (point.falsePositives - last.false) * (point.truePositives + last.true)
            last = (point.truePositives, point.falsePositives)
        }
        return Double(twiceArea) / (2 * Double(positives) * Double(negatives))
    }

    /// The sum over thresholds of precision times the gain in recall. Nil without positives.
    public var averagePrecision: Double? {
        guard positives > 0 else { return nil }
        var sum = 0.0
        var last = 0
        for point in points {
            let precision = Double(point.truePositives) / Double(point.truePositives + point.falsePositives)
            sum += precision * Double(point.truePositives - last)
            last = point.truePositives
        }
        return sum / Double(positives)
    }

    /// The largest share of positives found by any threshold that calls at most `rate` of the negatives positive. Nil
    /// without samples of both kinds.
    public func recall(falsePositiveRate rate: Double) -> Double? {
        guard positives > 0, negatives > 0 else { return nil }
        let allowed = points.last { Double($0.falsePositives) <= rate * Double(negatives) }
        return Double(allowed?.truePositives ?? 0) / Double(positives)
    }
}
