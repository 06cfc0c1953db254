// What each family adds to an alert's score.

/// The parts of an alert's score, one for each family.
///
/// Of families that are kin, the strongest counts in full and the others half: they see the same event, and adding up
/// what is not independent would make one busy program look like several strange things.
struct FamilyParts {
    private static let kinShare: Float = 0.5

    /// The group of kin of a family, by its number.
    @inline(__always)
    private static func kin(_ family: Int) -> Int {
        FeatureFamily(rawValue: UInt8(truncatingIfNeeded: family))?.kin ?? 0
    }

    /// What each family would add by itself.
    private(set) var own: FeatureFamily.Numbers = .init(repeating: 0)
    /// The strongest family of each group of kin.
    private var leaders: FeatureFamily.Leaders = .init(repeating: (-1, 0))

    /// Sets a family's own part.
    @inline(__always)
    mutating func set(_ family: Int, _ part: Float) {
        own[family] = part
        let group = Self.kin(family)
        guard group > 0 else { return }
        if part > leaders[group].part {
            leaders[group] = (family, part)
        } else if leaders[group].family == family {
            // It leads no longer, perhaps.
            leaders[group] = (family, part)
            for other in own.indices where Self.kin(other) == group && own[other] > leaders[group].part {
                leaders[group] = (other, own[other])
            }
        }
    }

    /// What a family adds beside its kin.
    @inline(__always)
    subscript(family: Int) -> Float {
        let group = Self.kin(family)
        return group == 0 || leaders[group].family == family ? own[family] : own[family] * Self.kinShare
    }

    var sum: Float {
        var sum: Float = 0
        for family in own.indices { sum += self[family] }
        return sum
    }
}
