// The policies that a suite compares, by the names that its output uses.

/// A named way to live through a trace.
public struct Contender: Sendable {
    public let name: String
    public let run: @Sendable (DemandTrace) -> RunMetrics

    public init(name: String, run: @escaping @Sendable (DemandTrace) -> RunMetrics) {
        self.name = name
        self.run = run
    }

    /// A policy that always makes the same choice.
    init(name: String, choice: ControlAction) {
        self.init(name: name) { trace in
            Simulator.run(ConstantChoice(choice, scenario: trace.scenario), on: trace)
        }
    }

    /// A learned policy behind the whole shield.
    init(name: String, policy: DeepQPolicy) {
        self.init(name: name) { trace in
            let controller = ShieldedController(
                DeepQPolicy(sharing: policy), range: policy.range, scenario: trace.scenario)
            return Simulator.run(controller, on: trace)
        }
    }

    /// A learned policy behind mask and projection, without range check and shadow comparison.
    init(name: String, unguarded policy: DeepQPolicy) {
        self.init(name: name) { trace in
            let controller = ShieldedController(
                DeepQPolicy(sharing: policy), scenario: trace.scenario, rollback: nil)
            return Simulator.run(controller, on: trace)
        }
    }

    /// Any other policy that chooses, behind the whole shield.
    init(name: String, choicePolicy policy: some ChoicePolicy) {
        self.init(name: name) { trace in
            Simulator.run(ShieldedController(policy, scenario: trace.scenario), on: trace)
        }
    }

    /// A plan that never changes, made for the trace's scenario.
    private init(name: String, plan: @escaping @Sendable (Scenario) -> ShapingPlan) {
        self.init(name: name) { trace in
            Simulator.run(StaticController(plan(trace.scenario)), on: trace)
        }
    }

    /// A static plan with one discipline on all paths and the same weights for all classes.
    private static func uniform(
        _ scenario: Scenario, _ discipline: QueueDiscipline, weights: PathVector
    ) -> ShapingPlan {
        var plan = ShapingPlan.staticClasses(
            nominal: scenario.nominal, paths: scenario.paths.count, buffers: scenario.classBuffers)
        plan.discipline = discipline
        plan.weights = Array(repeating: weights, count: TrafficClass.count)
        return plan
    }

    private static func equalWeights(_ scenario: Scenario) -> PathVector {
        scenario.nominal.replacing(with: 1, where: scenario.nominal .> 0)
    }

    /// The policies that need nothing but a scenario and can run outside a suite.
    public static let plainControllers = ["fifo-ecmp", "fifo-wcmp", "htb-wcmp", "water-filling", "water-filling-tuned"]

    /// One of `plainControllers` by its name.
    public static func plainController(_ name: String, scenario: Scenario) -> (any Controller)? {
        let fifo = QueueDiscipline.fifo(buffer: scenario.fifoBuffer)
        switch name {
        case "fifo-ecmp": return StaticController(uniform(scenario, fifo, weights: equalWeights(scenario)))
        case "fifo-wcmp": return StaticController(uniform(scenario, fifo, weights: scenario.nominal))
        case "htb-wcmp": return StaticController(uniform(scenario, .classes, weights: scenario.nominal))
        case "water-filling": return ConstantChoice(.waterFilling, scenario: scenario)
        case "water-filling-tuned": return ConstantChoice(.init(.derated, .adaptive), scenario: scenario)
        default: return nil
        }
    }

    /// Everything on the first path, one queue.
    static let fifoSingle = Contender(name: "fifo-single") { scenario in
        var first = PathVector()
        first[0] = 1
        return uniform(scenario, .fifo(buffer: scenario.fifoBuffer), weights: first)
    }

    /// Equal-cost multipath and one queue for each path: the network before.
    static let fifoECMP = Contender(name: "fifo-ecmp") { scenario in
        uniform(scenario, .fifo(buffer: scenario.fifoBuffer), weights: equalWeights(scenario))
    }

    /// Paths weighted by contract, one queue each.
    static let fifoWCMP = Contender(name: "fifo-wcmp") { scenario in
        uniform(scenario, .fifo(buffer: scenario.fifoBuffer), weights: scenario.nominal)
    }

    /// FQ-CoDel on every path, equal weights.
    static let fqCoDelECMP = Contender(name: "fq-codel-ecmp") { scenario in
        uniform(scenario, .fairQueueCoDel, weights: equalWeights(scenario))
    }

    /// FQ-CoDel on every path, paths weighted by contract: what Linux gives today.
    static let fqCoDelWCMP = Contender(name: "fq-codel-wcmp") { scenario in
        uniform(scenario, .fairQueueCoDel, weights: scenario.nominal)
    }

    /// Weighted fair queueing of classes, no priorities.
    static let wfqWCMP = Contender(name: "wfq-wcmp") { scenario in
        var plan = uniform(scenario, .classes, weights: scenario.nominal)
        plan.priorities = ShapingPlan.equalPriorities
        let shares = ClassVector(voice: 0.10, video: 0.25, web: 0.25, bulk: 0.35, quarantine: 0.05)
        plan.guarantees = Array(repeating: shares, count: scenario.paths.count)
        return plan
    }

    /// HTB with fixed guarantees and strict priorities.
    static let htbWCMP = Contender(name: "htb-wcmp") { scenario in
        uniform(scenario, .classes, weights: scenario.nominal)
    }

    /// Bounded steps on path shares.
    static let boundedSteps = Contender(name: "bounded-steps") { trace in
        Simulator.run(BoundedSteps(scenario: trace.scenario), on: trace)
    }

    /// Max-min water-filling by what demand and capacity it trusts.
    static let waterFillingLast = Contender(name: "water-filling-last", choice: .waterFilling)
    static let waterFillingSmooth = Contender(name: "water-filling-smooth", choice: .init(.smooth, .adaptive))
    static let waterFillingPeak = Contender(name: "water-filling-peak", choice: .init(.peak, .adaptive))
    static let waterFillingDerated = Contender(name: "water-filling-derated", choice: .init(.derated, .adaptive))
    /// With long flows placed one by one.
    static let waterFillingSteered = Contender(
        name: "water-filling-steered", choice: .init(.derated, .adaptive, .none, .rebalance))

    /// What runs when the policy is off, and so what the learned policy is measured against first.
    static let waterFilling = Contender(name: "water-filling", choice: .waterFilling)
    /// The best estimate of demand and capacity on the validation seeds, without limiter and steering.
    static let waterFillingTuned = Contender(name: "water-filling-tuned", choice: .init(.derated, .adaptive))
    /// The best of all constant choices.
    static let bestConstant = Contender(name: "best-constant", choice: .bestConstant)

    /// Search with the true future.
    static let clairvoyant = Contender(name: "clairvoyant") { trace in
        Clairvoyant(choices: ControlAction.learnable).run(on: trace)
    }

    /// Everything classical, from no configuration at all to the best tuned.
    public static let classical: [Contender] = [
        fifoSingle, fifoECMP, fifoWCMP, fqCoDelECMP, fqCoDelWCMP, wfqWCMP, htbWCMP, boundedSteps,
        waterFillingLast, waterFillingSmooth, waterFillingPeak, waterFillingDerated, waterFillingSteered,
    ]
}
