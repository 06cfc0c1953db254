// How well classes were told apart.

/// Counts of samples by true and predicted class, and the usual figures made of them.
///
/// A ratio without samples is 0, such as the precision of a class that was never predicted.
public struct ConfusionMatrix: Sendable, Equatable {
    public let classes: Int

    /// Counts, one row per true class, one column per predicted class.
    public let counts: [Int]

    /// Counts pairs of classes numbered from 0; both lists are equally long.
    public init(truth: [Int], predicted: [Int], classes: Int) {
        precondition(truth.count == predicted.count && classes > 0, "the lists differ in length")
        var counts = [Int](repeating: 0, count: classes * classes)
        for (actual, given) in zip(truth, predicted) {
            precondition((0..<classes).contains(actual) && (0..<classes).contains(given), "a label is not a class")
            counts[actual * classes + given] += 1
        }
        self.classes = classes
        self.counts = counts
    }

    /// Samples of one true class that were given one class.
    public func count(truth: Int, predicted: Int) -> Int {
        precondition((0..<classes).contains(truth) && (0..<classes).contains(predicted), "a label is not a class")
        return counts[truth * classes + predicted]
    }

    /// Share of all samples that were given their true class.
    public var accuracy: Double {
        ratio((0..<classes).reduce(0) { $0 + counts[$1 * classes + $1] }, counts.reduce(0, +))
    }

    /// Share of the samples given a class that are of it.
    public func precision(_ label: Int) -> Double {
        ratio(count(truth: label, predicted: label), (0..<classes).reduce(0) { $0 + counts[$1 * classes + label] })
    }

    /// Share of the samples of a class that were given it.
    public func recall(_ label: Int) -> Double {
        ratio(count(truth: label, predicted: label), (0..<classes).reduce(0) { $0 + counts[label * classes + $1] })
    }

    /// The harmonic mean of precision and recall of a class.
    public func f1(_ label: Int) -> Double {
        let (precision, recall) = (precision(label), recall(label))
        return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
    }

    /// The mean of the classes' F1, each with the same weight.
    public var macroF1: Double {
        (0..<classes).reduce(0) { $0 + f1($1) } / Double(classes)
    }

    private func ratio(_ part: Int, _ whole: Int) -> Double {
        whole > 0 ? Double(part) / Double(whole) : 0
    }
}
