// A learned policy behind everything that keeps it from doing harm.

/// Why the plan in force is what it is.
public enum ShieldVerdict: String, Sendable, CaseIterable {
    /// The policy's choice, projected.
    case policy
    /// The policy had no choice to offer.
    case policyOff
    /// The situation is unlike training.
    case outOfDistribution
    /// The policy lost against its shadow.
    case rolledBack
    /// No counters for a short while: the plan stays.
    case waiting
    /// No counters for three seconds: the setting that needs none.
    case deadMan
}

/// Runs a choice policy under mask, projection, shadow comparison, range check and dead-man's switch.
///
/// Whenever the policy is not in charge, plain water-filling is, from the very next decision on and without step limits,
/// since every one of its plans is safe by itself.
public struct ShieldedController<Policy: ChoicePolicy>: Controller {
    /// Intervals without counters after which the static setting takes over: three seconds.
    public static var patience: Int { 6 }

    /// The policy; nil switches it off.
    public var policy: Policy?
    private let range: FeatureRange?
    private let mask: ChoiceMask
    private let staticPlan: ShapingPlan
    private(set) var situation: Situation
    private(set) var builder: PlanBuilder
    private var shadowBuilder: PlanBuilder
    private var rollback: RollbackGuard?
    private var inForce: ShapingPlan
    private var shadow: ShapingPlan
    private var heldFor = 0
    private var missed = 0
    private var decisions = 0
    private var allowed: [Bool]

    /// How often each verdict was given, by its position in `ShieldVerdict.allCases`.
    public private(set) var verdicts = [Int](repeating: 0, count: ShieldVerdict.allCases.count)

    /// - Parameters:
    ///   - range: The situations that the policy knows; nil to let it act in any.
    ///   - rollback: The guard that compares with water-filling; nil only while a policy explores in the simulator.
    public init(
        _ policy: Policy?, range: FeatureRange? = nil, scenario: Scenario, mask: ChoiceMask = ChoiceMask(),
        rollback: RollbackGuard? = RollbackGuard()
    ) {
        self.policy = policy
        self.rollback = rollback
        self.range = range
        self.mask = mask
        situation = Situation(view: SiteView(paths: scenario.paths))
        builder = PlanBuilder(paths: scenario.paths, buffers: scenario.classBuffers)
        shadowBuilder = builder
        staticPlan = .staticClasses(
            nominal: scenario.nominal, paths: scenario.paths.count, buffers: scenario.classBuffers)
        inForce = staticPlan
        shadow = staticPlan
        allowed = Array(repeating: true, count: ControlAction.learnable.count)
    }

    /// The plan in force after the last decision.
    public var plan: ShapingPlan { inForce }

    /// How often the policy was shut out for losing against its shadow.
    public var rollbacks: Int { rollback?.rollbacks ?? 0 }

    public mutating func decide(_ telemetry: Telemetry?) -> ShapingPlan {
        decisions += 1
        guard let telemetry, telemetry.interval > situation.view.interval else { return decideBlind() }
        missed = 0
        situation.view.observe(telemetry)
        rollback?.observe(
            policy: HindsightModel.utility(of: inForce, in: situation.view),
            shadow: HindsightModel.utility(of: shadow, in: situation.view))
        advanceShadow()
        let verdict = choose()
        note(verdict)
        return inForce
    }

    /// The shadow obeys the same step limits as the policy, so that the comparison is about choices alone.
    private mutating func advanceShadow() {
        let proposal = shadowBuilder.plan(.waterFilling, for: situation.view)
        let closed = mask.closedPaths(situation.view, weights: shadow.weights)
        shadow = PlanProjection.project(proposal, after: shadow, closed: closed)
    }

    private mutating func note(_ verdict: ShieldVerdict) {
        if let index = ShieldVerdict.allCases.firstIndex(of: verdict) { verdicts[index] += 1 }
    }

    private mutating func decideBlind() -> ShapingPlan {
        missed += 1
        inForce.placements = []
        if missed >= Self.patience {
            note(.deadMan)
            builder.adopt(staticPlan.weights)
            inForce = staticPlan
        } else {
            note(.waiting)
        }
        return inForce
    }

    private mutating func choose() -> ShieldVerdict {
        let age = min(decisions - 2 - situation.view.interval, Telemetry.maximumAge)
        SiteFeatures.write(situation.view, builder, heldFor: heldFor, age: age, into: &situation.features)
        guard let policy else { return fallBack(.policyOff) }
        guard rollback?.isTrusted ?? true else { return fallBack(.rolledBack) }
        guard range?.contains(situation.features) ?? true else { return fallBack(.outOfDistribution) }
        for (index, choice) in ControlAction.learnable.enumerated() {
            allowed[index] = mask.allows(choice, view: situation.view, heldFor: heldFor)
        }
        guard let index = policy.choose(situation, allowed: allowed), allowed.indices.contains(index), allowed[index]
        else { return fallBack(.policyOff) }
        let proposal = builder.plan(ControlAction.learnable[index], for: situation.view)
        let closed = mask.closedPaths(situation.view, weights: inForce.weights)
        let plan = PlanProjection.project(proposal, after: inForce, closed: closed)
        heldFor = plan.weights == inForce.weights ? heldFor + 1 : 0
        builder.adopt(plan.weights)
        inForce = plan
        return .policy
    }

    private mutating func fallBack(_ verdict: ShieldVerdict) -> ShieldVerdict {
        inForce = builder.plan(.waterFilling, for: situation.view)
        heldFor = 0
        return verdict
    }
}
