// No input starves a class, and no policy keeps control while it does harm.

import Testing

@testable import Shaper

@Suite("Shield")
struct ShieldTests {
    #if DEBUG
        static let steps = 30_000
    #else
        static let steps = 1_000_000
    #endif

    /// A number that no sane policy would produce, most of the time.
    static func hostile(_ random: inout PCG64) -> Double {
        switch random.index(below: 8) {
        case 0: .nan
        case 1: .infinity
        case 2: -.infinity
        case 3: -random.uniform()
        case 4: 0
        case 5: random.uniform() * 1e300
        default: random.uniform()
        }
    }

    static func hostilePlan(_ random: inout PCG64, paths: Int) -> ShapingPlan {
        var plan = ShapingPlan.staticClasses(nominal: Scenario().nominal, paths: paths)
        for trafficClass in 0..<TrafficClass.count {
            for path in 0..<8 { plan.weights[trafficClass][path] = hostile(&random) }
            plan.priorities[trafficClass] = random.index(below: 5)
        }
        for path in 0..<paths {
            for lane in 0..<TrafficClass.count {
                plan.guarantees[path][lane] = hostile(&random)
                plan.ceilings[path][lane] = hostile(&random)
            }
        }
        plan.sourceLimit = hostile(&random)
        plan.placements = [FlowPlacement(flow: random.index(below: 9), path: random.index(below: 9) - 3)]
        return plan
    }

    @Test("Whatever is proposed, step after step, what comes into force breaks no limit")
    func projection() {
        var random = PCG64(seed: 9)
        var plan = ShapingPlan.staticClasses(nominal: Scenario().nominal, paths: 3)
        var violations = 0
        for _ in 0..<Self.steps {
            let closed = (0..<3).map { _ in random.uniform() < 0.2 }
            let next = PlanProjection.project(
                Self.hostilePlan(&random, paths: 3), after: plan, closed: closed)
            violations += PlanProjection.violations(of: next, after: plan).count
            for trafficClass in 0..<TrafficClass.count {
                for path in 0..<3 where closed[path] {
                    violations += next.weights[trafficClass][path] > plan.weights[trafficClass][path] + 1e-12 ? 1 : 0
                }
            }
            violations += next.placements.contains { $0.path < 0 || $0.path > 2 || closed[$0.path] } ? 1 : 0
            plan = next
        }
        #expect(violations == 0)
    }

    @Test("The judge of violations finds each kind")
    func judge() {
        let plan = ShapingPlan.staticClasses(nominal: Scenario().nominal, paths: 3)
        #expect(PlanProjection.violations(of: plan, after: plan).isEmpty)
        var starving = plan
        starving.guarantees[1][.web] = 0.1
        #expect(PlanProjection.violations(of: starving, after: plan).contains("web is below its floor"))
        var jumping = plan
        jumping.weights[0] = PathVector(0, 0, 1, 0, 0, 0, 0, 0)
        #expect(PlanProjection.violations(of: jumping, after: plan).contains("weights of voice jump"))
        var greedy = plan
        greedy.guarantees[0] = ClassVector(each: 0.4)
        #expect(PlanProjection.violations(of: greedy, after: plan).contains("guarantees exceed path 0"))
        var dropping = plan
        dropping.sourceLimit = 1
        #expect(PlanProjection.violations(of: dropping, after: plan).count == 1)
    }

    /// Chooses at random, now and then something that is not there or not allowed.
    struct Erratic: ChoicePolicy {
        func choose(_ situation: Situation, allowed: [Bool]) -> Int? {
            var random = PCG64(seed: UInt64(situation.features.reduce(0) { $0 + abs($1) } * 1e6))
            let pick = random.index(below: ControlAction.learnable.count + 4)
            return pick < ControlAction.learnable.count ? pick : (pick % 2 == 0 ? nil : 1000)
        }
    }

    @Test("Under a policy that chooses at random no class is ever served less than its floor or its demand")
    func starvation() {
        let scenario = Scenario(mix: .media, load: 1.3, duration: 60)
        var starved = 0
        var intervals = 0
        for seed in 0..<UInt64(max(2, Self.steps / 15_000)) {
            let trace = DemandTrace(scenario: scenario, seed: seed)
            var controller = ShieldedController(Erratic(), scenario: scenario)
            var simulator = Simulator(trace)
            var seen: Telemetry?
            var before = Telemetry(paths: 3)
            while !simulator.isFinished {
                let coming = (0..<Scenario.substepsPerInterval).map { trace.capacity[simulator.substep + $0] }
                simulator.advance(controller.decide(seen))
                seen = simulator.telemetry
                intervals += 1
                defer { before = simulator.telemetry }
                for path in 0..<3 {
                    let certain = coming.reduce(0) { $0 + $1[path] } * Scenario.substep
                    for trafficClass in TrafficClass.allCases {
                        let arrived = simulator.telemetry.arrived[path][trafficClass]
                        // A class that was there in the interval before, too, was there from the start.
                        let due = min(
                            arrived, before.arrived[path][trafficClass], ShapingPlan.floors[trafficClass] * certain)
                        // What arrived in the last substeps may still wait within the class's buffer.
                        let waiting = ShapingPlan.shortBuffers[trafficClass] * scenario.nominal[path] * 1.2
                        starved += simulator.telemetry.served[path][trafficClass] < due - waiting ? 1 : 0
                    }
                }
            }
        }
        #expect(starved == 0)
        #expect(intervals >= 240)
    }

    @Test("A policy that is switched off leaves water-filling in the very next decision")
    func policyOff() {
        let scenario = Scenario(duration: 20)
        let trace = DemandTrace(scenario: scenario, seed: 4)
        var controller = ShieldedController<FixedChoice>(FixedChoice(.init(.nominal, .adaptive)), scenario: scenario)
        var simulator = Simulator(trace)
        var seen: Telemetry?
        while simulator.interval < 20 {
            simulator.advance(controller.decide(seen))
            seen = simulator.telemetry
        }
        controller.policy = nil
        let plan = controller.decide(seen)
        var reference = PlanBuilder(paths: scenario.paths)
        #expect(plan == reference.plan(.waterFilling, for: controller.situation.view))
    }

    @Test("Without counters the plan stays for three seconds, then the static one takes over")
    func deadMan() {
        let scenario = Scenario(duration: 20)
        var simulator = Simulator(DemandTrace(scenario: scenario, seed: 4))
        var controller = ShieldedController(FixedChoice(.waterFilling), scenario: scenario)
        simulator.advance(controller.decide(nil))
        simulator.advance(controller.decide(simulator.telemetry))
        let last = controller.decide(simulator.telemetry)
        for _ in 0..<5 { #expect(controller.decide(nil).weights == last.weights) }
        let expected = ShapingPlan.staticClasses(nominal: scenario.nominal, paths: 3)
        #expect(controller.decide(nil) == expected)
    }

    @Test("Old counters that come again count as none")
    func repeatedCounters() {
        let scenario = Scenario(duration: 20)
        var simulator = Simulator(DemandTrace(scenario: scenario, seed: 4))
        var controller = ShieldedController(FixedChoice(.waterFilling), scenario: scenario)
        simulator.advance(controller.decide(nil))
        for _ in 0..<10 { _ = controller.decide(simulator.telemetry) }
        #expect(controller.plan == ShapingPlan.staticClasses(nominal: scenario.nominal, paths: 3))
    }

    @Test("A policy that loses is shut out within three seconds, for a minute")
    func rollback() {
        var rollback = RollbackGuard()
        for _ in 0..<100 { rollback.observe(policy: 0.3, shadow: 0.31) }
        #expect(rollback.isTrusted)
        var intervals = 0
        while rollback.isTrusted {
            rollback.observe(policy: -0.7, shadow: 0.31)
            intervals += 1
        }
        #expect(Double(intervals) * Scenario.interval < 3)
        for _ in 0..<119 { rollback.observe(policy: 1, shadow: 0) }
        #expect(!rollback.isTrusted)
        rollback.observe(policy: 1, shadow: 0)
        #expect(rollback.isTrusted)
        #expect(rollback.rollbacks == 1)
    }

    @Test("A utility that is not a number counts against the policy")
    func rollbackOnNonsense() {
        var rollback = RollbackGuard()
        for _ in 0..<5 { rollback.observe(policy: .nan, shadow: 0.3) }
        #expect(!rollback.isTrusted)
    }

    @Test("A feature six deviations off, or no number, is out of range")
    func range() {
        let range = FeatureRange(mean: [0, 1], deviation: [1, 0])
        #expect(range.contains([5.9, 1.05]))
        #expect(!range.contains([6.1, 1]))
        #expect(!range.contains([0, 1.07]))
        #expect(!range.contains([.nan, 1]))
    }

    @Test("Hindsight sees that everything on the slow path is worse than water-filling")
    func hindsight() {
        let scenario = Scenario(duration: 10)
        let trace = DemandTrace(scenario: scenario, seed: 2)
        var simulator = Simulator(trace)
        var view = SiteView(paths: scenario.paths)
        var builder = PlanBuilder(paths: scenario.paths)
        while !simulator.isFinished {
            simulator.advance(builder.plan(.waterFilling, for: view))
            view.observe(simulator.telemetry)
        }
        let good = builder.plan(.waterFilling, for: view)
        var bad = good
        bad.weights = Array(repeating: PathVector(0, 0, 1, 0, 0, 0, 0, 0), count: 5)
        #expect(HindsightModel.utility(of: good, in: view) > HindsightModel.utility(of: bad, in: view) + 0.3)
    }

    @Test("Many flagged sources are always limited, in equal parts of a hundredth of the contracts")
    func floods() {
        let limiter = ControlAction.Limiter.perSource
        #expect(limiter.rate(nominal: 40e6, sources: 1) == 400e3)
        #expect(limiter.rate(nominal: 40e6, sources: 10) == 40e3)
        #expect(limiter.rate(nominal: 40e6, sources: 1000) == ChangeLimits().leastSourceLimit)
        #expect(ControlAction.Limiter.none.rate(nominal: 40e6, sources: 9) == 0)
        var view = SiteView(paths: Scenario.threePaths)
        let zero = [ClassVector](repeating: ClassVector(), count: 3)
        for sources in 0..<8 {
            view.observe(
                Telemetry(
                    interval: sources, arrived: zero, served: zero, dropped: zero, backlog: zero,
                    flaggedSources: sources, elephants: []))
            let open = ControlAction.learnable.filter { ChoiceMask().allows($0, view: view, heldFor: 9) }
            #expect(open.contains { $0.weights == .hold })
            #expect(open.contains { $0.limiter == .none } == (sources < 4))
            #expect(open.contains { $0.limiter == .perSource } == (sources > 0))
        }
    }
}
