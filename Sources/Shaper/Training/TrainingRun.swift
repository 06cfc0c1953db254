// One simulated run that a learner lives through.

/// Keeps what the shield showed to the learner and what the learner chose.
final class Explorer: ChoicePolicy, @unchecked Sendable {
    /// What was seen when the last choice was made; nil if the shield did not ask.
    var situation: Situation?
    var allowed: [Bool] = []
    var choice = 0
    private let decide: (Situation, [Bool]) -> Int

    init(decide: @escaping (Situation, [Bool]) -> Int) {
        self.decide = decide
    }

    func choose(_ situation: Situation, allowed: [Bool]) -> Int? {
        self.situation = situation
        self.allowed = allowed
        choice = decide(situation, allowed)
        return choice
    }
}

/// A scenario, its trace and the reward of the base policy on the very same trace.
///
/// The reward of an interval is utility minus the base policy's utility in the same interval of the same trace. The
/// difference depends on the trace only through what the learner did, so it does not change which policy is best, and
/// most of the variance that demand brings is gone (Mao et al.: Variance Reduction for Reinforcement Learning in
/// Input-Driven Environments, ICLR 2019).
final class TrainingRun {
    /// Factor on rewards, so that values are near one.
    private static let rewardScale = 8.0

    let explorer: Explorer
    private var controller: ShieldedController<Explorer>
    private var simulator: Simulator
    private var delay: TelemetryDelay
    private var seen: Telemetry?
    private let base: [Double]
    private let nominal: Double

    init(trace: DemandTrace, usesBaseline: Bool, decide: @escaping (Situation, [Bool]) -> Int) {
        let scenario = trace.scenario
        explorer = Explorer(decide: decide)
        controller = ShieldedController(explorer, scenario: scenario, rollback: nil)
        simulator = Simulator(trace)
        delay = TelemetryDelay(age: scenario.telemetryAge)
        nominal = scenario.nominal.sum()
        base =
            usesBaseline
            ? TrainingRun.baseUtilities(trace) : Array(repeating: 0, count: scenario.intervals)
    }

    private static func baseUtilities(_ trace: DemandTrace) -> [Double] {
        var utilities: [Double] = []
        let nominal = trace.scenario.nominal.sum()
        _ = Simulator.run(
            ConstantChoice(ControlAction(.smooth, .adaptive), scenario: trace.scenario), on: trace
        ) { simulator in
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
        return TrainingRun.rewardScale * (utility - base[interval])
    }
}
