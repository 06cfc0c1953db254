// The classical controllers.

/// Always the same choice: the classical controllers are these.
public struct ConstantChoice: Controller {
    private let action: ControlAction
    private var view: SiteView
    private var builder: PlanBuilder

    public init(_ action: ControlAction, scenario: Scenario) {
        self.action = action
        view = SiteView(paths: scenario.paths)
        builder = PlanBuilder(paths: scenario.paths, buffers: scenario.classBuffers)
    }

    public mutating func decide(_ telemetry: Telemetry?) -> ShapingPlan {
        if let telemetry { view.observe(telemetry) }
        return builder.plan(action, for: view)
    }
}
