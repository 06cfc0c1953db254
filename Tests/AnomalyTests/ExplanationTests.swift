// Alerts explain themselves in numbers that add up.

import NetTypes
import TestSupport
import Testing

@testable import Anomaly

@Suite("Explanations")
struct ExplanationTests {
    private let policy = DetectionPolicy()
    private let calibration: [TailCalibration]

    init() {
        var generator = SeededGenerator(seed: 11)
        calibration = Feature.allCases.map { _ in
            TailCalibration(
                positive: (0..<400).map { _ in Float(generator.next() >> 40) / Float(1 << 24) * 2 }, count: 4000)
        }
    }

    /// Rows with a few random features.
    private func rows() -> [FeatureRow] {
        var generator = SeededGenerator(seed: 12)
        return (0..<300).map { _ in
            let row = FeatureRow()
            for _ in 0..<(1 + generator.next() % 12) {
                let feature = Int(generator.next() % UInt64(Feature.allCases.count))
                row.raise(feature, to: Float(generator.next() >> 40) / Float(1 << 24) * 6, observed: 20)
            }
            return row
        }
    }

    @Test("Contributions sum to the score that was compared with the threshold")
    func additive() {
        for row in rows() {
            let scores = FamilyScores(row, ScoringTable(calibration, policy), isARP: true)
            let explanation = Explanation(row, calibration, policy, threshold: 5, isARP: true)
            let sum = explanation.contributions.reduce(0) { $0 + $1.score }
            #expect(abs(sum - explanation.score) < 1e-6)
            #expect(abs(sum - Double(scores.alert)) < 1e-4)
        }
    }

    @Test("The counterfactual flips the decision")
    func counterfactual() throws {
        var flipped = 0
        for row in rows() {
            let threshold: Float = 5
            guard FamilyScores(row, ScoringTable(calibration, policy), isARP: true).alert >= threshold else { continue }
            let explanation = Explanation(row, calibration, policy, threshold: threshold, isARP: true)
            #expect(!explanation.counterfactuals.isEmpty)
            // Take every feature that is named, and the others of its family, down to what the counterfactual allows.
            let changed = FeatureRow()
            for feature in Feature.allCases where row[feature] > 0 {
                let named = explanation.counterfactuals.first { change in
                    Feature.named(change.feature.description).first?.family == feature.family
                }
                guard named != nil else {
                    changed.raise(feature.rawValue, to: row[feature], observed: 20)
                    continue
                }
            }
            #expect(FamilyScores(changed, ScoringTable(calibration, policy), isARP: true).alert < threshold)
            flipped += 1
        }
        #expect(flipped > 50)
    }

    @Test("A feature that is not shown changes nothing when it is taken away, unless it stands behind a shown one")
    func irrelevant() {
        for row in rows() {
            let explanation = Explanation(row, calibration, policy, threshold: 5, isARP: true)
            let named = Set(explanation.contributions.map { "\($0.feature)" })
            let score = FamilyScores(row, ScoringTable(calibration, policy), isARP: true).alert
            for feature in Feature.allCases where row[feature] > 0 && !named.contains("\(feature.name)") {
                let changed = FeatureRow()
                for other in Feature.allCases where other != feature && row[other] > 0 {
                    changed.raise(other.rawValue, to: row[other], observed: 20)
                }
                #expect(abs(FamilyScores(changed, ScoringTable(calibration, policy), isARP: true).alert - score) < 1e-5)
            }
        }
    }

    @Test("A feature that plays no part has no share, and dropping the largest part costs most")
    func shares() throws {
        for row in rows() {
            let explanation = Explanation(row, calibration, policy, threshold: 5, isARP: true)
            for contribution in explanation.contributions {
                let feature = try #require(Feature.named(contribution.feature.description).first)
                #expect(row[feature] > 0)
            }
            let scores = explanation.contributions.map(\.score)
            #expect(scores == scores.sorted(by: >))
        }
    }

    @Test("Replacing the three named features lowers the score at least three times more than three random ones")
    func faithful() {
        var generator = SeededGenerator(seed: 13)
        var named = 0.0
        var random = 0.0
        for row in rows() {
            let explanation = Explanation(row, calibration, policy, threshold: 5, isARP: true)
            let top = explanation.contributions.prefix(3).compactMap {
                Feature.named($0.feature.description).first
            }
            let before = Double(FamilyScores(row, ScoringTable(calibration, policy), isARP: true).alert)
            named += before - score(row, without: top)
            let drawn = (0..<3).map { _ in
                Feature.allCases[Int(generator.next() % UInt64(Feature.allCases.count))]
            }
            random += before - score(row, without: drawn)
        }
        #expect(named > 3 * random)
    }

    private func score(_ row: FeatureRow, without features: [Feature]) -> Double {
        let changed = FeatureRow()
        for feature in Feature.allCases where row[feature] > 0 && !features.contains(feature) {
            changed.raise(feature.rawValue, to: row[feature], observed: 20)
        }
        return Double(FamilyScores(changed, ScoringTable(calibration, policy), isARP: true).alert)
    }
}
