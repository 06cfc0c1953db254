// That nothing gets past the shield.

/// Runs a site at 1.3 times its load under a policy that chooses at random, and under the learned one, and counts what must
/// never happen; then measures how fast a policy loses control.
struct Safety {
    /// The learned policy; nil runs the random one alone.
    let policy: DeepQPolicy?
    /// Intervals to live through in all.
    var steps = 1_000_000
    private static let scenario = Scenario(mix: .media, load: 1.3)

    init(policy: DeepQPolicy?, steps: Int = 1_000_000) {
        self.policy = policy
        self.steps = steps
    }

    /// What was counted.
    struct Counts {
        var intervals = 0
        /// Intervals in which some class, in some substep, was served less than what waited for it and less than its floor.
        var starved = 0
        /// Plans in force from a choice that the mask forbids.
        var masked = 0
        /// Plans in force that break a limit of the shield.
        var violations = 0
    }

    func run(progress: (String) -> Void) -> SuiteReport {
        var counts = Counts()
        var seed: UInt64 = 0
        while counts.intervals < steps {
            if seed % 64 == 0 { progress("\(counts.intervals) of \(steps) intervals") }
            let trace = DemandTrace(scenario: Safety.scenario, seed: seed)
            if let policy, seed % 2 == 1 {
                live(through: trace, under: DeepQPolicy(sharing: policy), &counts)
            } else {
                live(through: trace, under: Erratic(seed: seed), &counts)
            }
            seed += 1
        }
        return SuiteReport(
            suite: SimulationSuite.safety.rawValue,
            conditions: [
                "mix C, load 1.3, floods, runs of 120 s; in turn a policy that chooses at random, forbidden choices too"
                    + (policy == nil ? "" : ", and the learned policy")
            ], tables: [], comparisons: [],
            checks: [
                SuiteCheck("intervals", Double(counts.intervals), .atLeast(Double(steps))),
                SuiteCheck("starved intervals", Double(counts.starved), .atMost(0)),
                SuiteCheck("mask violations", Double(counts.masked), .atMost(0)),
                SuiteCheck("limits broken", Double(counts.violations), .atMost(0)),
                SuiteCheck("seconds to a rollback", Safety.secondsToRollback(), .atMost(3)),
                SuiteCheck("intervals from policy off to water-filling", Safety.intervalsToWaterFilling(), .atMost(1)),
            ], pictures: [])
    }

    /// Chooses at random, now and then what is forbidden, what does not exist, or nothing.
    final class Erratic: ChoicePolicy, @unchecked Sendable {
        private var random: PCG64

        init(seed: UInt64) {
            random = PCG64(seed: seed)
        }

        func choose(_ situation: Situation, allowed: [Bool]) -> Int? {
            let pick = random.index(below: allowed.count + 4)
            return pick < allowed.count ? pick : (pick % 2 == 0 ? nil : 1000)
        }
    }

    /// Notes what a policy chose and whether that was allowed.
    final class Witness<Policy: ChoicePolicy>: ChoicePolicy, @unchecked Sendable {
        private let policy: Policy
        var wasAllowed = true

        init(_ policy: Policy) {
            self.policy = policy
        }

        func choose(_ situation: Situation, allowed: [Bool]) -> Int? {
            let choice = policy.choose(situation, allowed: allowed)
            wasAllowed = choice.map { allowed.indices.contains($0) && allowed[$0] } ?? false
            return choice
        }
    }

    private func live(through trace: DemandTrace, under policy: some ChoicePolicy, _ counts: inout Counts) {
        let scenario = trace.scenario
        let witness = Witness(policy)
        var controller = ShieldedController(witness, scenario: scenario)
        var simulator = Simulator(trace)
        var seen: Telemetry?
        var plan = controller.plan
        while !simulator.isFinished {
            let previous = plan
            let starved = simulator.starvedSubsteps
            let given = controller.verdicts[0]
            plan = controller.decide(seen)
            let isPolicys = controller.verdicts[0] > given
            if isPolicys {
                counts.masked += witness.wasAllowed ? 0 : 1
                counts.violations += PlanProjection.violations(of: plan, after: previous).count
            }
            simulator.advance(plan)
            counts.starved += simulator.starvedSubsteps > starved ? 1 : 0
            counts.intervals += 1
            seen = simulator.telemetry
        }
    }

    /// How long a policy that loses clearly stays in control.
    private static func secondsToRollback() -> Double {
        var rollback = RollbackGuard()
        for _ in 0..<100 { rollback.observe(policy: 0.3, shadow: 0.3) }
        var intervals = 0
        while rollback.isTrusted, intervals < 1000 {
            rollback.observe(policy: -0.7, shadow: 0.3)
            intervals += 1
        }
        return Double(intervals) * Scenario.interval
    }

    /// Decisions until the plan in force is water-filling's after a policy with other weights is switched off; the most of
    /// twenty runs.
    private static func intervalsToWaterFilling() -> Double {
        let most = (0..<20).map { seed -> Int in
            let trace = DemandTrace(scenario: Scenario(duration: 30), seed: UInt64(seed))
            var controller = ShieldedController<FixedChoice>(
                FixedChoice(ControlAction(.nominal, .adaptive)), scenario: trace.scenario)
            var simulator = Simulator(trace)
            var seen: Telemetry?
            while simulator.interval < 20 + seed {
                simulator.advance(controller.decide(seen))
                seen = simulator.telemetry
            }
            controller.policy = nil
            for decisions in 1...10 {
                let plan = controller.decide(seen)
                var reference = PlanBuilder(paths: trace.scenario.paths)
                if plan == reference.plan(.waterFilling, for: controller.situation.view) { return decisions }
                simulator.advance(plan)
                seen = simulator.telemetry
            }
            return 10
        }
        return Double(most.max() ?? 0)
    }
}
