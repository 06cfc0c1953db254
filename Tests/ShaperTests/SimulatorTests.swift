// The simulator where paper and pencil give the answer.

import Testing

@testable import Shaper

@Suite("Simulator")
struct SimulatorTests {
    /// One path of 10 Mbit/s and 10 ms with constant flows that begin at zero.
    static func trace(
        rates: [(kind: TrafficKind, amount: Double)], duration: Double = 20, buffer: Double = 0.1
    ) -> DemandTrace {
        let path = PathSpecification(name: "line", nominal: 10e6, propagation: 0.01, capacity: .fixed)
        let scenario = Scenario(paths: [path], duration: duration, fifoBuffer: buffer)
        let flows = rates.map { rate in
            FlowDemand(
                start: 0, kind: rate.kind, amount: rate.amount, end: .infinity, phase: 0, hash: 0.5,
                flaggedAt: .infinity)
        }
        let capacity = [PathVector](repeating: scenario.nominal, count: Int(duration / Scenario.substep))
        return DemandTrace(scenario: scenario, flows: flows, capacity: capacity)
    }

    static func run(_ contender: Contender, _ trace: DemandTrace) -> RunMetrics { contender.run(trace) }

    @Test("Below capacity a packet waits for propagation and part of a substep, and nothing is lost")
    func underload() {
        let metrics = Contender.fifoECMP.run(Self.trace(rates: [(.voice, 4e6)]))
        #expect(abs(metrics.meanLatency - 11.5) < 0.01)
        #expect(metrics.legitimateLoss == 0)
        #expect(abs(metrics.usefulUtilisation - 40) < 0.1)
    }

    @Test("A constant overload fills the buffer: delay is buffer plus propagation, loss the excess")
    func overload() {
        let metrics = Contender.fifoECMP.run(Self.trace(rates: [(.voice, 12.5e6)], duration: 100))
        #expect(abs(metrics.meanLatency - 110) < 6)
        #expect(abs(metrics.legitimateLoss - 20) < 0.2)
        #expect(abs(metrics.usefulUtilisation - 100) < 0.3)
    }

    @Test("Strict priority keeps voice at propagation delay while bulk overloads the path")
    func priority() {
        let trace = Self.trace(rates: [(.voice, 2e6), (.attack, 20e6)])
        let metrics = Contender.htbWCMP.run(trace)
        #expect(abs((metrics.latency99[0] ?? 0) - 11.5) < 0.3)
        #expect(metrics.legitimateLoss == 0)
    }

    @Test("A single elastic flow uses most of an empty path")
    func elastic() {
        let metrics = Contender.htbWCMP.run(Self.trace(rates: [(.bulk, 1e9)], duration: 60))
        #expect(metrics.usefulUtilisation > 85)
    }

    @Test("Two elastic flows of one class share a path evenly")
    func fairness() {
        let trace = Self.trace(rates: [(.bulk, 1e9), (.bulk, 1e9)], duration: 60)
        var simulator = Simulator(trace)
        let plan = ShapingPlan.staticClasses(nominal: trace.scenario.nominal, paths: 1)
        while !simulator.isFinished { simulator.advance(plan) }
        let bits = simulator.flows.map(\.accepted)
        #expect(bits.count == 2)
        #expect(abs(bits[0] / bits[1] - 1) < 0.1)
    }

    @Test("Every bit offered is delivered, dropped, or still waits", arguments: [0, 1, 2])
    func conservation(discipline: Int) {
        let scenario = Scenario(duration: 60)
        let trace = DemandTrace(scenario: scenario, seed: 11)
        var plan = ShapingPlan.staticClasses(nominal: scenario.nominal, paths: 3)
        plan.discipline = [.fifo(buffer: 0.1), .classes, .fairQueueCoDel][discipline]
        var simulator = Simulator(trace)
        while !simulator.isFinished { simulator.advance(plan) }
        let total = simulator.total
        let waiting =
            simulator.queues.reduce(0) { $0 + $1.backlog } + simulator.fairQueues.reduce(0) { $0 + $1.backlog }
        let offered = total.offered.sum()
        #expect(abs(offered - total.delivered.sum() - total.dropped.sum() - waiting) < 1e-6 * offered)
        #expect(total.delivered.sum() <= total.capacity)
        #expect(offered > 1e8)
    }

    @Test("The same trace and policy give the same figures bit for bit")
    func determinism() {
        let trace = DemandTrace(scenario: Scenario(duration: 60), seed: 5)
        #expect(Contender.waterFillingSteered.run(trace) == Contender.waterFillingSteered.run(trace))
        let again = DemandTrace(scenario: Scenario(duration: 60), seed: 5)
        #expect(Contender.waterFillingLast.run(trace) == Contender.waterFillingLast.run(again))
    }

    @Test("What happens in a branch leaves the run it came from as it was")
    func branches() {
        let trace = DemandTrace(scenario: Scenario(duration: 30), seed: 5)
        let plan = ShapingPlan.staticClasses(nominal: trace.scenario.nominal, paths: 3)
        var other = plan
        other.weights = Array(repeating: PathVector(1, 0, 0, 0, 0, 0, 0, 0), count: 5)
        var straight = Simulator(trace)
        var branching = Simulator(trace)
        while !straight.isFinished {
            straight.advance(plan)
            if branching.interval % 7 == 3 {
                var branch = branching.branch()
                branch.advance(other)
                #expect(branch.interval == branching.interval + 1)
            }
            branching.advance(plan)
        }
        #expect(straight.total == branching.total)
        #expect(straight.latency == branching.latency)
    }

    @Test("A source that is flagged is held to the limiter's rate")
    func limiter() {
        var flow = Self.trace(rates: [(.attack, 2e6)]).flows[0]
        flow.flaggedAt = 5
        let base = Self.trace(rates: [])
        let trace = DemandTrace(scenario: base.scenario, flows: [flow], capacity: base.capacity)
        var plan = ShapingPlan.staticClasses(nominal: base.scenario.nominal, paths: 1)
        plan.sourceLimit = 60e3
        var simulator = Simulator(trace)
        while simulator.interval < 12 { simulator.advance(plan) }
        #expect(abs(simulator.last.delivered.sum() - 60e3 * Scenario.interval) < 1)
        #expect(simulator.telemetry.flaggedSources == 1)
        #expect(simulator.telemetry.arrived[0][.quarantine] > 0)
        #expect(simulator.telemetry.arrived[0][.bulk] == 0)
    }

    @Test("Counters reach the policy as many intervals late as the scenario says", arguments: 0...4)
    func telemetryAge(age: Int) {
        struct Recorder: Controller {
            let plan: ShapingPlan
            let age: Int
            var decision = 0

            mutating func decide(_ telemetry: Telemetry?) -> ShapingPlan {
                #expect(telemetry?.interval == (decision > age ? decision - 1 - age : nil))
                decision += 1
                return plan
            }
        }
        let scenario = Scenario(duration: 10, telemetryAge: age)
        let trace = DemandTrace(scenario: scenario, seed: 1)
        let plan = ShapingPlan.staticClasses(nominal: scenario.nominal, paths: 3)
        _ = Simulator.run(Recorder(plan: plan, age: age), on: trace)
    }

    @Test("A changed weight moves the flows between the bounds and no others")
    func thresholds() {
        let before = HashThresholds(weights: PathVector(20, 10, 10, 0, 0, 0, 0, 0), paths: 3)
        let after = HashThresholds(weights: PathVector(16, 12, 12, 0, 0, 0, 0, 0), paths: 3)
        for step in 0..<1000 {
            let hash = (Double(step) + 0.5) / 1000
            let moved = before.path(for: hash) != after.path(for: hash)
            #expect(moved == ((0.4..<0.5).contains(hash) || (0.7..<0.75).contains(hash)))
        }
    }
}
