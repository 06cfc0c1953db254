// Fusion: one score from many surprises.

/// The surprise of each family for a row of features, and the two scores made of them.
///
/// The surprise of a family is that of its strongest feature. A flow's score is the sum of what exceeds a margin of 1,
/// that is, of anything rarer than one in ten: the margin keeps the noise of many ordinary families out of the sum
/// (compare Fisher's method, which sums everything). An alert's score has a wider margin and a cap for each family, so
/// that novelty alone cannot open an incident.
struct FamilyScores {
    private(set) var flow: Float = 0
    private(set) var alert: Float = 0
    /// The family that adds most to the alert's score.
    private(set) var top = FeatureFamily.address
    /// One bit for each family that adds to the alert's score.
    private(set) var mask: UInt32 = 0

    /// Of a row without anything unusual.
    init() {}

    /// - Parameter isARP: whether the finding is about ARP itself. Flows of a host whose address moved are strange, but it
    ///   is ARP that raises the alert.
    init(_ row: FeatureRow, _ calibration: [TailCalibration], _ policy: DetectionPolicy, isARP: Bool) {
        var best: InlineArray<17, Float> = .init(repeating: 0)
        var limited: InlineArray<17, Float> = .init(repeating: 0)
        for feature in SetBits(row.present) {
            let specification = Feature.specifications[feature]
            let family = Int(specification.family.rawValue)
            let surprise = calibration[feature].surprise(row.values[feature])
            best[family] = max(best[family], surprise)
            limited[family] = max(limited[family], min(surprise, specification.alertLimit))
        }
        var most: Float = 0
        for index in best.indices where best[index] > 0 {
            flow += max(0, best[index] - policy.flowMargin)
            if index == Int(FeatureFamily.arp.rawValue), !isARP { continue }
            let part = Self.part(limited[index], policy.families[index], policy.alertMargin)
            guard part > 0 else { continue }
            alert += part
            mask |= 1 << UInt32(index)
            if part > most {
                most = part
                top = FeatureFamily(rawValue: UInt8(index)) ?? .address
            }
        }
    }

    /// Whether the alert's score may be as large as `score`; false when it certainly is not.
    static func mayReach(
        _ score: Float, _ row: FeatureRow, _ calibration: [TailCalibration], _ policy: DetectionPolicy
    ) -> Bool {
        var limited: InlineArray<17, Float> = .init(repeating: 0)
        for feature in SetBits(row.present) {
            let specification = Feature.specifications[feature]
            let family = Int(specification.family.rawValue)
            let most = min(calibration[feature].mostSurprise(row.values[feature]), specification.alertLimit)
            limited[family] = max(limited[family], most)
        }
        var sum: Float = 0
        for index in limited.indices { sum += part(limited[index], policy.families[index], policy.alertMargin) }
        // Some room for rounding.
        return sum >= score - 0.01
    }

    /// What a family's surprise adds to an alert's score.
    static func part(_ surprise: Float, _ rule: FamilyRule, _ margin: Float) -> Float {
        rule.weight * min(rule.cap, max(0, surprise - margin))
    }

    /// A flow's score as an integer between 0 and 1,000,000.
    static func millionths(_ score: Float) -> Int64 {
        Int64((1_000_000 * (1 - Exponential.of(-score / 10))).rounded())
    }
}
