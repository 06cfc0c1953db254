// One simulated run that a learner lives through.

/// What is taken off the utility of an interval to make the reward.
public enum RewardBaseline: Sendable, Equatable {
    /// Nothing.
    case none
    /// The base policy's utility in the same interval of the same trace, run on its own from the start (Mao et al.:
    /// Variance Reduction for Reinforcement Learning in Input-Driven Environments, ICLR 2019).
    case trace
    /// The change of the base policy's return from the situation before to the one after, each played out on the true
    /// trace for so many intervals: potential-based shaping (Ng, Harada and Russell 1999) with a potential that knows
    /// the trace. What is left is the advantage of the choice, almost free of the noise of demand.
    case rollout(intervals: Int)
}

/// A scenario, its trace, and the learner's way through it.
final class TrainingRun {
    /// Factor on rewards, so that values are near one.
    private static let rewardScale = 8.0
    /// How long a choice that is tried out is held: new weights would not be allowed to change again at once.
    private static let heldIntervals = 2

    let explorer: Explorer
    private var controller: ShieldedController<Explorer>
    private var simulator: Simulator
    private var delay: TelemetryDelay
    private var seen: Telemetry?
    private let baseline: RewardBaseline
    private let discount: Double
    private let base: [Double]
    /// How many choices are tried out on branches before each decision, and for how long.
    private let trials: (count: Int, intervals: Int)
    private let nominal: Double
    /// The base policy's return from here, over the whole horizon.
    private var outlook = 0.0

    init(
        trace: DemandTrace, baseline: RewardBaseline, discount: Double, trials: (count: Int, intervals: Int) = (0, 0),
        decide: @escaping (Situation, [Bool]) -> Int
    ) {
        let scenario = trace.scenario
        explorer = Explorer(decide: decide)
        controller = ShieldedController(explorer, scenario: scenario, rollback: nil)
        simulator = Simulator(trace)
        delay = TelemetryDelay(age: scenario.telemetryAge)
        nominal = scenario.nominal.sum()
        self.baseline = baseline
        self.discount = discount
        self.trials = trials
        base = baseline == .trace ? TrainingRun.baseUtilities(trace) : []
        if case .rollout(let intervals) = baseline { outlook = playOut(intervals).whole }
    }

    private static func baseUtilities(_ trace: DemandTrace) -> [Double] {
        var utilities: [Double] = []
        let nominal = trace.scenario.nominal.sum()
        _ = Simulator.run(ConstantChoice(.bestConstant, scenario: trace.scenario), on: trace) { simulator in
            utilities.append(simulator.last.utility(nominal: nominal, seconds: Scenario.interval))
        }
        return utilities
    }

    var isFinished: Bool { simulator.isFinished }

    /// Utility of the interval that is just over.
    var lastUtility: Double { simulator.last.utility(nominal: nominal, seconds: Scenario.interval) }

    /// Lives through one interval after trying out choices on branches of the run.
    ///
    /// From one situation on one trace, each choice is held for two intervals and followed by the base policy; its
    /// reward is what the base policy's own branch did not earn. All branches meet the same demand, so that their
    /// difference is the choice's merit and hardly any noise (common random numbers).
    ///
    /// - Parameters:
    ///   - standingAside: The run goes on under water-filling, as it does while the shield keeps a policy out, so that the
    ///     learner knows the situations that it will take over from there.
    ///   - pick: Says which choices to try, given which are allowed.
    /// - Returns: A transition for the base choice and for each that was tried; none when the learner was not asked or
    ///   the run ends before the branches do.
    func advanceAndTry(standingAside: Bool = false, _ pick: ([Bool], Int) -> [Int]) -> [Transition] {
        explorer.situation = nil
        let start = simulator.branch()
        let before = controller
        if standingAside {
            var looking = controller
            explorer.isOnlyLooking = true
            _ = looking.decide(seen)
            explorer.isOnlyLooking = false
            controller.policy = nil
        }
        simulator.advance(controller.decide(seen))
        controller.policy = explorer
        let oldDelay = delay
        let oldSeen = seen
        seen = delay.exchange(simulator.telemetry)
        guard let situation = explorer.situation, start.interval + trials.intervals < start.trace.scenario.intervals
        else { return [] }
        let allowed = explorer.allowed
        let constant = ControlAction.constant(allowed: allowed)
        var reference: Double?
        return ([constant] + pick(allowed, trials.count).filter { $0 != constant }).compactMap { choice in
            var branch = start.branch()
            var controller = before
            var delay = oldDelay
            var seen = oldSeen
            var (sum, factor) = (0.0, 1.0)
            for step in 0..<trials.intervals {
                explorer.forced = step < TrainingRun.heldIntervals ? choice : ControlAction.constantIndex
                branch.advance(controller.decide(seen))
                seen = delay.exchange(branch.telemetry)
                sum += factor * branch.last.utility(nominal: nominal, seconds: Scenario.interval)
                factor *= discount
            }
            explorer.forced = nil
            explorer.isOnlyLooking = true
            defer { explorer.isOnlyLooking = false }
            explorer.situation = nil
            _ = controller.decide(seen)
            guard let end = explorer.situation else { return nil }
            if reference == nil { reference = sum }
            return Transition(
                features: situation.features, choice: choice,
                reward: Float(TrainingRun.rewardScale * (sum - (reference ?? sum))), next: end.features,
                nextAllowed: explorer.allowed.bits)
        }
    }

    /// Lives through one interval.
    ///
    /// - Returns: The scaled reward; whether the learner was asked is in `explorer.situation`.
    func advance() -> Double {
        explorer.situation = nil
        let interval = simulator.interval
        simulator.advance(controller.decide(seen))
        seen = delay.exchange(simulator.telemetry)
        let utility = simulator.last.utility(nominal: nominal, seconds: Scenario.interval)
        switch baseline {
        case .none: return TrainingRun.rewardScale * utility
        case .trace: return TrainingRun.rewardScale * (utility - base[interval])
        case .rollout(let intervals):
            let next = playOut(intervals)
            defer { outlook = next.whole }
            return TrainingRun.rewardScale * (utility + discount * next.allButLast - outlook)
        }
    }

    /// The discounted return of the base policy from here on a branch of the run, over so many intervals and over one
    /// less, so that returns from before and after a choice end at the same time.
    private func playOut(_ intervals: Int) -> (whole: Double, allButLast: Double) {
        var branch = simulator.branch()
        var controller = controller
        var delay = delay
        var seen = seen
        var (sum, shorter, factor) = (0.0, 0.0, 1.0)
        explorer.forced = ControlAction.learnable.firstIndex(of: .bestConstant)
        defer { explorer.forced = nil }
        for step in 0..<intervals {
            if step == intervals - 1 { shorter = sum }
            guard !branch.isFinished else { continue }
            branch.advance(controller.decide(seen))
            seen = delay.exchange(branch.telemetry)
            sum += factor * branch.last.utility(nominal: nominal, seconds: Scenario.interval)
            factor *= discount
        }
        return (sum, simulator.trace.scenario.intervals - simulator.interval < intervals ? sum : shorter)
    }
}
