// A heuristic that trusts small steps more than estimates.

/// Adapts each path's share by bounded steps, in the manner of LibreQoS's StormGuard and of autorate shapers.
///
/// A path whose queues add more than 10 ms loses 15 % of its share; one that adds less than 5 ms while at least 75 %
/// loaded gains 2 %; shares stay between 25 and 105 % of the contract. Guarantees and priorities are fixed.
public struct BoundedSteps: Controller {
    private var view: SiteView
    private var shares: PathVector
    private let nominal: PathVector
    private let buffers: ClassVector

    public init(scenario: Scenario) {
        view = SiteView(paths: scenario.paths)
        buffers = scenario.classBuffers
        nominal = view.nominal
        shares = nominal
    }

    public mutating func decide(_ telemetry: Telemetry?) -> ShapingPlan {
        if let telemetry {
            view.observe(telemetry)
            for path in view.paths.indices { step(path) }
        }
        var plan = ShapingPlan.staticClasses(nominal: nominal, paths: view.paths.count, buffers: buffers)
        plan.weights = Array(repeating: shares / shares.sum(), count: TrafficClass.count)
        return plan
    }

    private mutating func step(_ path: Int) {
        let sample = view.pathHistory[SiteView.pathDepth - 1][path]
        let delay = sample.served > 0 ? sample.backlog * 0.05 / sample.served : 0
        if delay > 0.010 {
            shares[path] *= 0.85
        } else if delay < 0.005, sample.served * nominal[path] >= 0.75 * shares[path] {
            shares[path] *= 1.02
        }
        shares[path] = min(max(shares[path], 0.25 * nominal[path]), 1.05 * nominal[path])
    }
}
