// How fast policies are simulated and decide.

import Glibc

/// Times every policy on one core over a few runs of the reference setting.
enum Speed {
    private static let seeds: Range<UInt64> = 2000..<2004
    /// Intervals a second that every policy must reach, and microseconds that a decision may take.
    private static let leastIntervals = 5_000.0
    private static let mostMicroseconds = 50.0

    static func run(policies: [DeepQPolicy], progress: (String) -> Void) -> SuiteReport {
        let traces = seeds.map { DemandTrace(scenario: Scenario(), seed: $0) }
        let intervals = Double(traces.reduce(0) { $0 + $1.scenario.intervals })
        var contenders = Contender.classical + [.waterFilling, .bestConstant]
        if let policy = policies.first { contenders.append(Contender(name: "dqn", policy: policy)) }
        let rates = contenders.map { contender -> SuiteCheck in
            progress(contender.name)
            let start = now()
            for trace in traces { _ = contender.run(trace) }
            let rate = (intervals / (now() - start)).rounded()
            return SuiteCheck("intervals/s, \(contender.name)", rate, .atLeast(leastIntervals))
        }
        return SuiteReport(
            suite: SimulationSuite.speed.rawValue,
            conditions: ["\(seeds.count) runs of 120 s, load 0.85, mix A, floods; one core"],
            tables: [], comparisons: [], checks: rates + decisions(policies, trace: traces[0]), pictures: [])
    }

    /// Time from counters to plan, with view, mask, network, projection and shadow.
    private static func decisions(_ policies: [DeepQPolicy], trace: DemandTrace) -> [SuiteCheck] {
        var timed: [(String, any Controller)] = [
            ("water-filling", ConstantChoice(.waterFilling, scenario: trace.scenario)),
            ("best-constant, shielded", ShieldedController(FixedChoice(.bestConstant), scenario: trace.scenario)),
        ]
        if let policy = policies.first {
            timed.append(
                (
                    "dqn, shielded",
                    ShieldedController(DeepQPolicy(sharing: policy), range: policy.range, scenario: trace.scenario)
                ))
        }
        return timed.map { name, controller -> SuiteCheck in
            var controller = controller
            var simulator = Simulator(trace)
            var times: [Double] = []
            var seen: Telemetry?
            while !simulator.isFinished {
                let start = now()
                let plan = controller.decide(seen)
                times.append(1e6 * (now() - start))
                simulator.advance(plan)
                seen = simulator.telemetry
            }
            times.sort()
            return SuiteCheck(
                "microseconds a decision (median), \(name)", times[times.count / 2], .atMost(mostMicroseconds))
        }
    }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
