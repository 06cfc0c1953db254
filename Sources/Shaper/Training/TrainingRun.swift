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

    let explorer: Explorer
    private var controller: ShieldedController<Explorer>
    private var simulator: Simulator
    private var delay: TelemetryDelay
    private var seen: Telemetry?
    private let baseline: RewardBaseline
    private let discount: Double
    private let base: [Double]
    private let nominal: Double
    /// The base policy's return from here, over the whole horizon.
    private var outlook = 0.0

    init(
        trace: DemandTrace, baseline: RewardBaseline, discount: Double, decide: @escaping (Situation, [Bool]) -> Int
    ) {
        let scenario = trace.scenario
        explorer = Explorer(decide: decide)
        controller = ShieldedController(explorer, scenario: scenario, rollback: nil)
        simulator = Simulator(trace)
        delay = TelemetryDelay(age: scenario.telemetryAge)
        nominal = scenario.nominal.sum()
        self.baseline = baseline
        self.discount = discount
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
