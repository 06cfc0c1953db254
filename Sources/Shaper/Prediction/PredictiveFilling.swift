// Water-filling on what is expected instead of on what was.

/// Water-filling whose demand is a predictor's.
///
/// Off by default everywhere: suite `prediction` shows what it gives, and docs/explanation/scheduling.md says why.
public struct PredictiveFilling: Controller {
    private let predictor: DemandPredictor
    private let statistic: DemandPredictor.Statistic
    private var view: SiteView
    private var builder: PlanBuilder

    public init(_ predictor: DemandPredictor, _ statistic: DemandPredictor.Statistic, scenario: Scenario) {
        self.predictor = predictor
        self.statistic = statistic
        view = SiteView(paths: scenario.paths)
        builder = PlanBuilder(paths: scenario.paths, buffers: scenario.classBuffers)
    }

    public mutating func decide(_ telemetry: Telemetry?) -> ShapingPlan {
        if let telemetry { view.observe(telemetry) }
        let expected = predictor.predict(view)
        return builder.plan(expecting: statistic == .mean ? expected.mean : expected.high, for: view)
    }
}

/// Water-filling that knows the demand of the interval to come: how much prediction could give at best.
///
/// The demand of elastic flows depends on the plan; what is taken for the truth is what came on the same trace under
/// water-filling on the last interval.
struct ForesightFilling: Controller {
    private let demands: [ClassVector]
    private var next = 0
    private var view: SiteView
    private var builder: PlanBuilder

    init(trace: DemandTrace) {
        demands = PredictorTrainer.demands(on: trace)
        view = SiteView(paths: trace.scenario.paths)
        builder = PlanBuilder(paths: trace.scenario.paths, buffers: trace.scenario.classBuffers)
    }

    mutating func decide(_ telemetry: Telemetry?) -> ShapingPlan {
        if let telemetry { view.observe(telemetry) }
        defer { next += 1 }
        return builder.plan(expecting: demands[min(next, demands.count - 1)], for: view)
    }
}
