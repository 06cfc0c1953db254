// Why an alert was raised, in numbers that add up.

import Learning
import NetTypes

/// The additive parts of an alert's score, and what would have kept it below the threshold.
///
/// The score is a sum over families and a family's surprise is that of one feature, so the parts are exact: no sampling
/// and no approximation as with Shapley values of opaque models.
struct Explanation {
    private(set) var contributions: [Alert.Contribution] = []
    private(set) var counterfactuals: [Alert.Counterfactual] = []
    /// The sum of the contributions.
    private(set) var score = 0.0

    private struct Part {
        let feature: Feature
        let score: Float
    }

    init(
        _ row: FeatureRow, _ calibration: [TailCalibration], _ policy: DetectionPolicy, threshold: Float, isARP: Bool
    ) {
        var strongest: [(feature: Feature, surprise: Float)?] = FeatureFamily.allCases.map { _ in nil }
        for feature in Feature.allCases where row[feature] > 0 && (isARP || feature.family != .arp) {
            let surprise = min(
                calibration[feature.rawValue].surprise(row[feature]), feature.specification.alertLimit)
            let family = Int(feature.family.rawValue)
            if surprise > strongest[family]?.surprise ?? 0 { strongest[family] = (feature, surprise) }
        }
        var ofFamilies = FamilyParts()
        for case (let feature, let surprise)? in strongest {
            ofFamilies.set(
                Int(feature.family.rawValue),
                policy[feature.family].part(surprise, margin: policy.alertMargin))
        }
        var parts: [Part] = []
        for case (let feature, _)? in strongest {
            let score = ofFamilies[Int(feature.family.rawValue)]
            if score > 0 { parts.append(Part(feature: feature, score: score)) }
        }
        parts.sort { ($0.score, $1.feature.rawValue) > ($1.score, $0.feature.rawValue) }
        for part in parts {
            let expected = calibration[part.feature.rawValue].quantile(exceededBy: 0.01)
            contributions.append(
                Alert.Contribution(
                    feature: part.feature.name,
                    value: Self.unit(part.feature, row[part.feature], row.observed(part.feature)),
                    expected: Self.translate(expected, part.feature, row), score: Double(part.score)))
            score += Double(part.score)
        }
        for part in parts where ofFamilies.sum >= threshold {
            let kept = Self.kept(of: part.feature, in: &ofFamilies, below: threshold - 1e-3)
            let limit = Self.limit(part.feature, part: kept, row, calibration, policy)
            counterfactuals.append(Alert.Counterfactual(feature: part.feature.name, atMost: limit))
        }
    }

    /// Lowers the own part of a feature's family as little as brings the sum below a threshold, or to nothing.
    private static func kept(of feature: Feature, in parts: inout FamilyParts, below threshold: Float) -> Float {
        let family = Int(feature.family.rawValue)
        var low: Float = 0
        var high = parts.own[family]
        for _ in 0..<24 {
            let middle = (low + high) * 0.5
            parts.set(family, middle)
            if parts.sum < threshold { low = middle } else { high = middle }
        }
        parts.set(family, low)
        return low
    }

    /// The largest observation of a feature with which it, and its whole family, adds no more than `part`.
    private static func limit(
        _ feature: Feature, part: Float, _ row: FeatureRow, _ calibration: [TailCalibration],
        _ policy: DetectionPolicy
    ) -> Double {
        let rule = policy[feature.family]
        let surprise = policy.alertMargin + (rule.weight > 0 ? part / rule.weight : 0)
        let value = min(row[feature], calibration[feature.rawValue].value(ofSurprise: surprise))
        return translate(value, feature, row)
    }

    /// An observation in the feature's own terms.
    private static func unit(_ feature: Feature, _ value: Float, _ observed: Float) -> Double {
        feature.specification.unit == .novelty ? 1 : Double(observed)
    }

    /// What would have to be observed, all else equal, for the feature to have the given value.
    static func translate(_ value: Float, _ feature: Feature, _ row: FeatureRow) -> Double {
        let observed = Double(row.observed(feature))
        switch feature.specification.unit {
        case .novelty: return value >= row[feature] ? 1 : 0
        case .count, .measure:
            // ln(observed) = value + what the entity's own past takes off.
            return observed * PortableMath.exp(Double(value - row[feature]))
        case .share, .distance: return Double(value)
        }
    }
}
