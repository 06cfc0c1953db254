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

    /// - Parameters:
    ///   - row: the features of the flow.
    ///   - table: what they are measured against.
    ///   - isARP: whether the finding is about ARP itself. Flows of a host whose address moved are strange, but it is ARP
    ///     that raises the alert.
    init(_ row: FeatureRow, _ table: ScoringTable, isARP: Bool) {
        var best: FeatureFamily.Numbers = .init(repeating: 0)
        var limited: FeatureFamily.Numbers = .init(repeating: 0)
        var present: UInt32 = 0
        for feature in SetBits(row.present) {
            let surprise = table.surprise(feature, row[feature])
            guard surprise > 0 else { continue }
            let family = table.family(feature)
            present |= 1 << UInt32(truncatingIfNeeded: family)
            best[family] = max(best[family], surprise)
            limited[family] = max(limited[family], min(surprise, table.alertLimit(feature)))
        }
        var parts = FamilyParts()
        for index in SetBits(present) {
            flow += max(0, best[index] - table.flowMargin)
            if index == Int(FeatureFamily.arp.rawValue), !isARP { continue }
            let part = table.part(limited[index], index)
            if part > 0 {
                parts.set(index, part)
                mask |= 1 << UInt32(truncatingIfNeeded: index)
            }
        }
        var most: Float = 0
        var strongest = 0
        for index in SetBits(mask) {
            let part = parts[index]
            alert += part
            if part > most {
                most = part
                strongest = index
            }
        }
        top = FeatureFamily(rawValue: UInt8(truncatingIfNeeded: strongest)) ?? .address
    }

    /// Whether the alert's score may be as large as `score`; false when it certainly is not.
    static func mayReach(_ score: Float, _ row: FeatureRow, _ table: ScoringTable) -> Bool {
        var limited: FeatureFamily.Numbers = .init(repeating: 0)
        var present: UInt32 = 0
        for feature in SetBits(row.present) {
            let most = min(table.mostSurprise(feature, row[feature]), table.alertLimit(feature))
            let family = table.family(feature)
            present |= 1 << UInt32(truncatingIfNeeded: family)
            limited[family] = max(limited[family], most)
        }
        var sum: Float = 0
        for index in SetBits(present) { sum += table.part(limited[index], index) }
        // Some room for rounding.
        return sum >= score - 0.01
    }

    /// A flow's score as an integer between 0 and 1,000,000.
    static func millionths(_ score: Float) -> Int64 {
        Int64((1_000_000 * (1 - Exponential.of(-score / 10))).rounded())
    }
}
