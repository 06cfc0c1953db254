// A scheduling policy in charge of real packets.

import CLinux
import Foundation
import Glibc
import Shaper

/// `leptonnet testbed control`: runs in the router's network namespace for the length of one run, reads counters twice a
/// second, decides, and changes queues, paths and limits.
public struct TestbedController {
    private let policy: String
    private let weights: String?
    private let trace: DemandTrace
    private let paths: [PathSpecification]

    /// What a run cost, and what it did.
    private struct Account: Encodable {
        var policy: String
        var decisionMicrosecondsMean: Double
        var decisionMicrosecondsMost: Double
        var applyMillisecondsMean: Double
        var applyMillisecondsMost: Double
        var lateMillisecondsMost: Double
        var placements: Int
        var limitedIntervals: Int
        /// For a policy behind the shield, how often each of the shield's verdicts was given.
        var verdicts: [String: Int]?
    }

    /// - Parameters:
    ///   - policy: a name of `leptonnet simulate`'s tables.
    ///   - weights: the weights file, for `dqn`.
    public init(policy: String, weights: String?, seed: UInt64, seconds: Double) {
        self.policy = policy
        self.weights = weights
        trace = PacketReport.trace(seed: seed, seconds: seconds)
        paths = trace.scenario.paths
    }

    /// Installs the first plan, says so on standard output, and controls from `start` (seconds since 1970) on.
    public func run(start: Double, output: String) throws(UserError) {
        var controller = try makeController()
        var view = SiteView(paths: paths)
        var kernel = KernelPlan(paths: paths)
        var counters = KernelCounters(paths: paths.count)
        try kernel.install(controller.decide(nil))
        _ = try counters.read(interval: -1)
        Terminal.write("ready\n", to: STDOUT_FILENO)
        var decisions: [Double] = []
        var applications: [Double] = []
        var late = 0.0
        var (placements, limited) = (0, 0)
        for interval in 1..<trace.scenario.intervals {
            let due = start + Double(interval) * Scenario.interval
            let wait = due - Self.now()
            if wait > 0 { usleep(UInt32(wait * 1e6)) }
            let began = Self.now()
            late = max(late, began - due)
            let telemetry = try counters.read(interval: interval - 1)
            view.observe(telemetry)
            let read = Self.now()
            let plan = controller.decide(telemetry)
            let decided = Self.now()
            try kernel.apply(plan, capacity: view.capacity) { counters.key(of: $0) }
            for placement in plan.placements { counters.place(placement.flow, on: placement.path) }
            decisions.append(1e6 * (decided - read))
            applications.append(1e3 * (Self.now() - began))
            placements += plan.placements.count
            limited += plan.sourceLimit > 0 ? 1 : 0
        }
        let account = Account(
            policy: policy, decisionMicrosecondsMean: Self.mean(decisions),
            decisionMicrosecondsMost: decisions.max() ?? 0, applyMillisecondsMean: Self.mean(applications),
            applyMillisecondsMost: applications.max() ?? 0, lateMillisecondsMost: 1e3 * late,
            placements: placements, limitedIntervals: limited, verdicts: Self.verdicts(of: controller))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        guard let data = try? encoder.encode(account) else { return }
        try FileBytes.write(Array(data), to: output)
    }

    private func makeController() throws(UserError) -> any Controller {
        let scenario = trace.scenario
        switch policy {
        case "dqn":
            guard let weights else { throw UserError("policy dqn needs --weights FILE") }
            let learned = try PolicySimulation.policy(weights)
            return ShieldedController(learned, range: learned.range, scenario: scenario)
        case "best-constant":
            return ShieldedController(FixedChoice(.bestConstant), scenario: scenario)
        default:
            guard let controller = Contender.plainController(policy, scenario: scenario) else {
                throw UserError(
                    "no policy '\(policy)' on the testbed; there are dqn, best-constant and "
                        + Contender.plainControllers.joined(separator: ", "))
            }
            return controller
        }
    }

    private static func verdicts(of controller: any Controller) -> [String: Int]? {
        let counts =
            (controller as? ShieldedController<DeepQPolicy>)?.verdicts
            ?? (controller as? ShieldedController<FixedChoice>)?.verdicts
        return counts.map { Dictionary(uniqueKeysWithValues: zip(ShieldVerdict.allCases.map(\.rawValue), $0)) }
    }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func mean(_ values: [Double]) -> Double {
        values.reduce(0, +) / Double(max(values.count, 1))
    }
}
