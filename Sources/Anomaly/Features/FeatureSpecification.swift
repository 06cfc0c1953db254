// The properties of a feature that never change.

/// Whose evidence a feature is: flows with the same key share it.
public enum FeatureScope: UInt8, Sendable {
    case link
    case service
    case tuple
    case server
    case host
    case domain
}

/// How a feature's value follows from what was observed.
public enum FeatureUnit: UInt8, Sendable {
    /// −log₁₀ of the rate at which such things are new; observed is 1.
    case novelty
    /// Logarithm of a count over what the entity had before.
    case count
    /// Logarithm of a measurement.
    case measure
    /// A share between 0 and 1.
    case share
    /// A distance in standard deviations.
    case distance
}

/// Name, family, scope and fading of a feature.
struct FeatureSpecification: Sendable {
    let name: StaticString
    let family: FeatureFamily
    let scope: FeatureScope
    /// Time constant in seconds with which evidence fades before a flow's start.
    let fading: Float
    let unit: FeatureUnit
    /// Largest surprise that counts in an alert: features that a single packet can raise are no proof by themselves.
    let alertLimit: Float
    /// What is believed of its values beyond those seen.
    let tail: TailModel

    init(
        _ feature: Feature, _ name: StaticString, _ family: FeatureFamily, _ scope: FeatureScope, fading: Float,
        _ unit: FeatureUnit, alertLimit: Float = TailCalibration.limit, tail: TailModel = .exponential
    ) {
        self.name = name
        self.family = family
        self.scope = scope
        self.fading = fading
        self.unit = unit
        self.alertLimit = alertLimit
        self.tail = tail
    }
}
