// What every policy is to the loop that runs it.

/// Decides a plan once per control interval from counters alone.
public protocol Controller: Sendable {
    /// Sees the counters of an interval, the newest that have arrived; nil until the first have.
    mutating func decide(_ telemetry: Telemetry?) -> ShapingPlan
}

/// Always the same plan.
public struct StaticController: Controller {
    private let plan: ShapingPlan

    public init(_ plan: ShapingPlan) {
        self.plan = plan
    }

    public mutating func decide(_ telemetry: Telemetry?) -> ShapingPlan { plan }
}

/// Hands counters over as late as they would arrive.
struct TelemetryDelay: Sendable {
    private let age: Int
    private var pending: [Telemetry] = []

    init(age: Int) {
        self.age = age
        pending.reserveCapacity(age + 1)
    }

    /// Takes the newest counters in and gives those out that are `age` intervals older; nil until there are any.
    mutating func exchange(_ newest: Telemetry) -> Telemetry? {
        if pending.count > age { pending.removeFirst() }
        pending.append(newest)
        return pending.count > age ? pending[0] : nil
    }
}

extension Simulator {
    /// Runs a policy over a whole trace.
    ///
    /// - Parameter observe: Sees the simulator after each interval, for learning curves and pictures.
    public static func run(
        _ controller: some Controller, on trace: DemandTrace, observe: (borrowing Simulator) -> Void = { _ in }
    ) -> RunMetrics {
        var controller = controller
        var simulator = Simulator(trace)
        var delay = TelemetryDelay(age: trace.scenario.telemetryAge)
        let nominal = trace.scenario.nominal.sum()
        var utility = 0.0
        var seen: Telemetry?
        while !simulator.isFinished {
            simulator.advance(controller.decide(seen))
            utility += simulator.last.utility(nominal: nominal, seconds: Scenario.interval)
            seen = delay.exchange(simulator.telemetry)
            observe(simulator)
        }
        return RunMetrics(simulator, utility: utility / Double(max(simulator.interval, 1)))
    }
}
