// The nearest safe plan to a proposed one.

/// Limits of what one interval may change.
public struct ChangeLimits: Sendable, Equatable {
    /// The most that the weights of one class may move, as the sum of absolute changes.
    public var weightStep = 0.3
    /// Changes of one class's weights below this are not worth moving flows for.
    public var weightHysteresis = 0.03
    /// The most that a guarantee may shrink and grow in one interval, relative to itself.
    public var guaranteeFall = 0.15
    public var guaranteeRise = 0.10
    /// The least that a flagged source may be limited to, in bit/s: limit before drop.
    public var leastSourceLimit = ControlAction.Limiter.leastRate
    /// The most that the quarantine may have of a path.
    public var quarantineCeiling = 0.10

    public init() {}
}

/// Projects proposals onto the set of plans that starve nobody and change nothing abruptly.
///
/// It is a pure function of the proposal and of the plan in force, and total: whatever numbers a proposal holds, not
/// even finite ones, the result satisfies `violations(of:after:limits:)`.
public enum PlanProjection {
    /// The safe plan nearest to `proposal` in the order weights, guarantees, ceilings, limiter.
    ///
    /// - Parameters:
    ///   - previous: The plan in force, itself safe.
    ///   - closed: Paths that no class may move to, because they are down or full of traffic that cannot wait.
    public static func project(
        _ proposal: ShapingPlan, after previous: ShapingPlan, closed: [Bool], limits: ChangeLimits = ChangeLimits()
    ) -> ShapingPlan {
        var plan = proposal
        plan.discipline = .classes
        plan.priorities = ShapingPlan.strictPriorities
        plan.buffers = previous.buffers
        for index in plan.weights.indices {
            plan.weights[index] = weights(
                proposal.weights[index], after: previous.weights[index], closed: closed, limits: limits)
        }
        for path in plan.guarantees.indices {
            plan.guarantees[path] = guarantees(
                proposal.guarantees[path], after: previous.guarantees[path], limits: limits)
            plan.ceilings[path] = ClassVector(
                voice: 1, video: 1, web: 1, bulk: 1, quarantine: limits.quarantineCeiling)
        }
        if !(proposal.sourceLimit <= 0) {
            plan.sourceLimit =
                proposal.sourceLimit.isFinite ? max(proposal.sourceLimit, limits.leastSourceLimit) : 0
        } else {
            plan.sourceLimit = 0
        }
        plan.placements = proposal.placements.filter { closed.indices.contains($0.path) && !closed[$0.path] }
        return plan
    }

    /// Moves weights towards the proposal by a bounded step, and not at all onto closed paths.
    private static func weights(
        _ proposed: PathVector, after previous: PathVector, closed: [Bool], limits: ChangeLimits
    ) -> PathVector {
        var target = PathVector()
        for path in closed.indices where proposed[path].isFinite { target[path] = max(0, proposed[path]) }
        let sum = target.sum()
        guard sum > 0, sum.isFinite else { return previous }
        var change = target / sum - previous
        var gained = 0.0
        var lost = 0.0
        for path in closed.indices {
            if closed[path], change[path] > 0 { change[path] = 0 }
            if change[path] > 0 { gained += change[path] } else { lost -= change[path] }
        }
        guard gained > 0, lost > 0 else { return previous }
        // Closed paths gave up their gain, so the others must lose less.
        let moved = min(gained, lost)
        for path in closed.indices { change[path] *= moved / (change[path] > 0 ? gained : lost) }
        guard 2 * moved >= limits.weightHysteresis else { return previous }
        return previous + change * min(1, limits.weightStep / (2 * moved))
    }

    /// Guarantees within their band around the previous ones, above the floors and together within the path.
    private static func guarantees(
        _ proposed: ClassVector, after previous: ClassVector, limits: ChangeLimits
    ) -> ClassVector {
        var least = ClassVector()
        var shares = ClassVector()
        for index in 0..<TrafficClass.count {
            least[index] = max(ShapingPlan.floors[index], previous[index] * (1 - limits.guaranteeFall))
            let most = max(least[index], previous[index] * (1 + limits.guaranteeRise))
            let wanted = proposed[index].isFinite ? proposed[index] : previous[index]
            shares[index] = min(max(wanted, least[index]), most)
        }
        let excess = shares.sum() - 1
        guard excess > 0 else { return shares }
        let spare = (shares - least).sum()
        // The lower ends of all bands fit into the path, because the previous plan did.
        return spare > 0 ? least + (shares - least) * max(0, 1 - excess / spare) : least
    }

    /// What is wrong with a plan that is about to follow another; empty for every projected plan.
    public static func violations(
        of plan: ShapingPlan, after previous: ShapingPlan, limits: ChangeLimits = ChangeLimits()
    ) -> [String] {
        let slack = 1e-9
        var faults: [String] = []
        for trafficClass in TrafficClass.allCases {
            let weights = plan.weights[trafficClass.rawValue]
            let old = previous.weights[trafficClass.rawValue]
            if !(abs(weights.sum() - 1) < 1e-6) { faults.append("weights of \(trafficClass.name) do not sum to one") }
            if !(weights.min() >= -slack) { faults.append("a weight of \(trafficClass.name) is negative") }
            var step = 0.0
            for path in plan.guarantees.indices { step += abs(weights[path] - old[path]) }
            if !(step <= limits.weightStep + 1e-6) { faults.append("weights of \(trafficClass.name) jump") }
        }
        for (path, shares) in plan.guarantees.enumerated() {
            if !(shares.sum() <= 1 + 1e-6) { faults.append("guarantees exceed path \(path)") }
            for trafficClass in TrafficClass.allCases {
                let share = shares[trafficClass]
                let old = previous.guarantees[path][trafficClass]
                let floor = ShapingPlan.floors[trafficClass]
                if !(share >= floor - slack) { faults.append("\(trafficClass.name) is below its floor") }
                if !(share >= old * (1 - limits.guaranteeFall) - slack) {
                    faults.append("guarantee of \(trafficClass.name) falls too fast")
                }
                if !(share <= max(old * (1 + limits.guaranteeRise), floor) + slack) {
                    faults.append("guarantee of \(trafficClass.name) rises too fast")
                }
                if trafficClass != .quarantine, plan.ceilings[path][trafficClass] < 1 {
                    faults.append("\(trafficClass.name) is held below the path")
                }
            }
            if !(plan.ceilings[path][.quarantine] <= limits.quarantineCeiling) {
                faults.append("the quarantine may take too much")
            }
        }
        if plan.sourceLimit != 0, !(plan.sourceLimit >= limits.leastSourceLimit) {
            faults.append("the source limit is a drop in disguise")
        }
        return faults
    }
}
