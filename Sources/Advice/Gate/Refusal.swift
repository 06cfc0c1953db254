// Why a proposal is not a recommendation.

/// A broken invariant, in words an operator can act on.
public struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// The invariants, by the name they have in logs.
    public enum Invariant: String, CaseIterable, Sendable {
        case form
        case lifetime
        case protectedHost = "protected-host"
        case defaultRoute = "default-route"
        case prefixSize = "prefix-size"
        case specialAddress = "special-address"
        case rateFloor = "rate-floor"
        case spoofable
        case ruleCount = "rule-count"
        case unknownPath = "unknown-path"
        case classFloor = "class-floor"
        case unknownDestination = "unknown-destination"
    }

    public let invariant: Invariant
    public let explanation: String

    init(_ invariant: Invariant, _ explanation: String) {
        self.invariant = invariant
        self.explanation = explanation
    }

    public var description: String { "refused (\(invariant.rawValue)): \(explanation)" }
}
