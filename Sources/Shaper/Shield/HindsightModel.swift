// What a plan would have been worth in an interval that is over.

/// A stationary model of one interval: constant demand, constant capacities, full buffers where a class is overloaded. What
/// does not fit is lost by voice and video; senders of web and bulk give way, so that they lose a share and send the rest
/// later.
///
/// A deployed appliance cannot run two policies at once. It can ask, once the interval's demand is known, what the plan
/// in force and the plan of water-filling would each have given under the same model; the model's errors are common to
/// both and cancel in the comparison.
public enum HindsightModel {
    /// The most that senders that give way lose of what they send: a little more than they lose in the simulator under load.
    private static let mostElasticLoss = 0.1

    /// Estimated utility of a plan in the terms of `Accounts.utility`; flows moved are not counted.
    public static func utility(of plan: ShapingPlan, in view: SiteView) -> Double {
        var accounts = Accounts()
        for (path, specification) in view.paths.enumerated() {
            var arriving = ClassVector()
            for trafficClass in TrafficClass.allCases {
                arriving[trafficClass] = plan.weights[trafficClass.rawValue][path] * view.demand[trafficClass]
            }
            let capacity = view.capacity[path]
            let served = ClassService.divide(
                capacity, pending: arriving, guarantees: plan.guarantees[path], ceilings: plan.ceilings[path],
                priorities: plan.priorities)
            for trafficClass in TrafficClass.allCases {
                let bits = served[trafficClass]
                let isOverloaded = arriving[trafficClass] > bits * 1.001
                let queue = isOverloaded ? plan.buffers[trafficClass] * capacity / max(bits, 0.01 * capacity) : 0
                accounts.delay[trafficClass] += bits * (specification.propagation + min(queue, 3))
            }
            var lost = arriving - served
            for trafficClass in [TrafficClass.web, .bulk] {
                lost[trafficClass] = min(lost[trafficClass], mostElasticLoss * arriving[trafficClass])
            }
            accounts.offered += served + lost
            accounts.delivered += served
            accounts.dropped += lost
        }
        let nominal = view.paths.reduce(0) { $0 + $1.nominal }
        return accounts.utility(nominal: nominal, seconds: 1)
    }
}
