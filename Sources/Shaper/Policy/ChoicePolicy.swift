// A policy that chooses among actions, as opposed to one that makes plans.

/// What a choice is made from.
public struct Situation: Sendable {
    /// `SiteFeatures` of the site.
    public var features: [Float]
    public var view: SiteView

    init(view: SiteView) {
        features = []
        self.view = view
    }
}

/// Chooses one of `ControlAction.learnable`.
public protocol ChoicePolicy: Sendable {
    /// The choice for the situation; nil if the policy has none, in which case water-filling acts.
    ///
    /// - Parameters:
    ///   - allowed: For each choice, whether the mask lets it through; at least one is true.
    func choose(_ situation: Situation, allowed: [Bool]) -> Int?
}

/// Always the same choice, or holding where that is forbidden.
public struct FixedChoice: ChoicePolicy {
    private let index: Int

    public init(_ choice: ControlAction) {
        guard let index = ControlAction.learnable.firstIndex(of: choice) else {
            preconditionFailure("The choice is none of the learnable ones")
        }
        self.index = index
    }

    public func choose(_ situation: Situation, allowed: [Bool]) -> Int? {
        allowed[index] ? index : ControlAction.fallback(for: index, allowed: allowed)
    }
}

extension ControlAction {
    /// The position of the best constant choice among the learnable ones.
    static let constantIndex: Int = {
        guard let index = learnable.firstIndex(of: .bestConstant) else {
            preconditionFailure("The best constant choice can be learned")
        }
        return index
    }()

    /// The best constant choice, or what comes nearest to it.
    static func constant(allowed: [Bool]) -> Int {
        allowed[constantIndex] ? constantIndex : fallback(for: constantIndex, allowed: allowed) ?? 0
    }

    /// The allowed choice that differs least from a forbidden one: pages, steering and limiter give way first, weights
    /// last.
    static func fallback(for index: Int, allowed: [Bool]) -> Int? {
        func distance(_ other: ControlAction) -> Int {
            let wanted = learnable[index]
            return (other.weights == wanted.weights ? 0 : 7 + abs(other.weights.rawValue))
                + (other.limiter == wanted.limiter ? 0 : 3) + (other.steering == wanted.steering ? 0 : 2)
                + (other.pages == wanted.pages ? 0 : 1)
        }
        return learnable.indices.filter { allowed[$0] }.min { distance(learnable[$0]) < distance(learnable[$1]) }
    }
}
