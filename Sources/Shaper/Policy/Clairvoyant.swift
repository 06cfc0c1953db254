// How good a policy could be that knew the future.

/// Search over all choices with the true future: each choice is tried for two intervals and followed by two of
/// water-filling; the best start is taken.
///
/// It uses the same choices as the learned policies, so it bounds what learning to choose can give; it looks four
/// intervals ahead only, so it is a strong reference and not a proven bound.
public struct Clairvoyant: Sendable {
    private let choices: [ControlAction]
    private let trialIntervals = 2
    private let followIntervals = 2

    public init(choices: [ControlAction]) {
        precondition(!choices.isEmpty, "A search needs something to choose from")
        self.choices = choices
    }

    /// What the controller's side knows and remembers; copied with each trial.
    private struct Side {
        var view: SiteView
        var builder: PlanBuilder
        var delay: TelemetryDelay

        mutating func observe(_ telemetry: Telemetry) {
            if let known = delay.exchange(telemetry) { view.observe(known) }
        }
    }

    /// Runs the search over a whole trace.
    public func run(on trace: DemandTrace) -> RunMetrics {
        let scenario = trace.scenario
        var simulator = Simulator(trace)
        var side = Side(
            view: SiteView(paths: scenario.paths),
            builder: PlanBuilder(paths: scenario.paths, buffers: scenario.classBuffers),
            delay: TelemetryDelay(age: scenario.telemetryAge))
        let nominal = scenario.nominal.sum()
        var utility = 0.0
        while !simulator.isFinished {
            var best = (choice: choices[0], utility: -Double.infinity)
            for choice in choices {
                let value = value(of: choice, from: simulator, side: side, nominal: nominal)
                if value > best.utility + 1e-9 { best = (choice, value) }
            }
            simulator.advance(side.builder.plan(best.choice, for: side.view))
            utility += simulator.last.utility(nominal: nominal, seconds: Scenario.interval)
            side.observe(simulator.telemetry)
        }
        return RunMetrics(simulator, utility: utility / Double(max(simulator.interval, 1)))
    }

    private func value(
        of choice: ControlAction, from simulator: borrowing Simulator, side: Side, nominal: Double
    ) -> Double {
        var branch = simulator.branch()
        var side = side
        var sum = 0.0
        for step in 0..<(trialIntervals + followIntervals) where !branch.isFinished {
            branch.advance(side.builder.plan(step < trialIntervals ? choice : .waterFilling, for: side.view))
            sum += branch.last.utility(nominal: nominal, seconds: Scenario.interval)
            side.observe(branch.telemetry)
        }
        return sum
    }
}
