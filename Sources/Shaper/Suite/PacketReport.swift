// What policies did to real packets, beside what the simulator says of the same traces.

/// One run of one policy on the testbed.
public struct PacketRun: Sendable {
    public var policy: String
    public var seed: UInt64
    public var metrics: RunMetrics

    public init(policy: String, seed: UInt64, metrics: RunMetrics) {
        self.policy = policy
        self.seed = seed
        self.metrics = metrics
    }
}

/// Compares runs on packets with each other and with the fluid model.
public struct PacketReport {
    static let metrics: [Metric] = [
        .meanLatency, .legitimateLoss, .usefulUtilisation, .webCompletionTime, .attackBytesPassed, .realTimeLatency99,
    ]
    /// The most, in points of per cent, that a change on packets may differ from the simulator's.
    static let agreement = 25.0

    private let runs: [PacketRun]
    private let seconds: Double
    private let policy: DeepQPolicy?

    /// - Parameters:
    ///   - runs: Every policy on every seed; seeds that a policy misses are left out for all.
    ///   - seconds: How long each run was.
    ///   - policy: The learned policy, to be simulated as `dqn`.
    public init(_ runs: [PacketRun], seconds: Double, policy: DeepQPolicy?) {
        let policies = Set(runs.map(\.policy))
        let complete = Set(runs.map(\.seed)).filter { seed in
            policies.allSatisfy { name in runs.contains { $0.seed == seed && $0.policy == name } }
        }
        self.runs = runs.filter { complete.contains($0.seed) }
        self.seconds = seconds
        self.policy = policy
    }

    /// The trace that a run of the testbed plays: the reference scenario with the same propagation on all paths, which a
    /// network without a delay line can have, from twelve seconds before the first flood on.
    public static func trace(seed: UInt64, seconds: Double) -> DemandTrace {
        var scenario = Scenario()
        for path in scenario.paths.indices { scenario.paths[path].propagation = 0.020 }
        let whole = DemandTrace(scenario: scenario, seed: seed)
        let start = max(0, min((whole.firstAttack ?? 0) - 12, scenario.duration - seconds))
        return whole.window(from: (start / Scenario.interval).rounded() * Scenario.interval, lasting: seconds)
    }

    private var seeds: [UInt64] { Set(runs.map(\.seed)).sorted() }

    private var contenders: [Contender] {
        [.fifoECMP, .fifoWCMP, .htbWCMP, .waterFilling, .waterFillingTuned, .bestConstant]
            + (policy.map { [Contender(name: "dqn", policy: $0)] } ?? [])
    }

    /// Tables of both, paired changes, and whether the two agree in sign and size.
    public func make() -> SuiteReport {
        let names = Set(runs.map(\.policy))
        let order = contenders.filter { names.contains($0.name) }
        let real = order.map { contender in
            (
                name: contender.name,
                runs: seeds.compactMap { seed in
                    runs.first { $0.policy == contender.name && $0.seed == seed }?.metrics
                }
            )
        }
        let traces = seeds.map { PacketReport.trace(seed: $0, seconds: seconds) }
        let simulated = SimulationSuite.results(order, on: traces, progress: { _ in })
        let packets = compare(real, setting: "packets")
        let fluid = compare(simulated, setting: "simulated")
        return SuiteReport(
            suite: "testbed",
            conditions: [
                "\(seeds.count) paired seeds, \(Int(seconds)) s each, real packets in network namespaces, load 0.85, "
                    + "mix A, one flood, hidden varying capacity",
                "buffers: 100 ms first-in first-out; classes 20/40/40/30/20 ms; round trip 40 ms without queues",
            ],
            tables: [
                means(real, title: "Means, packets"), means(simulated, title: "Means, simulated, same traces"),
                ReportTable.changes(title: "Paired changes", packets + fluid), agreementTable(packets, fluid),
            ], comparisons: packets + fluid, checks: [], pictures: [])
    }

    private func compare(_ results: [(name: String, runs: [RunMetrics])], setting: String) -> [Comparison] {
        let pairs = results.flatMap { first in
            ["fifo-ecmp", "water-filling"].filter { $0 != first.name }.map { (first.name, $0) }
        }
        return pairs.filter { $0.0 != "fifo-ecmp" }.flatMap { policy, baseline in
            SimulationSuite.compare(results, policy, with: baseline, metrics: PacketReport.metrics, setting: setting)
        }
    }

    private func means(_ results: [(name: String, runs: [RunMetrics])], title: String) -> ReportTable {
        ReportTable(
            title: title,
            header: ["policy"] + PacketReport.metrics.map { $0.rawValue + " [\($0.unit)]" },
            rows: results.map { result in
                [result.name]
                    + PacketReport.metrics.map { metric in
                        metric.mean(of: result.runs).map { Decimal.text($0, places: metric.places) } ?? "-"
                    }
            })
    }

    /// Whether the change that the simulator predicts for water-filling against `fifo-ecmp` is what packets show.
    private func agreementTable(_ packets: [Comparison], _ fluid: [Comparison]) -> ReportTable {
        let rows = packets.compactMap { measured -> [String]? in
            guard measured.baseline == "fifo-ecmp", measured.policy == "water-filling",
                [.meanLatency, .legitimateLoss, .usefulUtilisation].contains(measured.metric),
                let predicted = fluid.first(where: {
                    $0.policy == measured.policy && $0.baseline == measured.baseline && $0.metric == measured.metric
                })
            else { return nil }
            let (real, model) = (measured.estimate.value, predicted.estimate.value)
            let agrees = real * model > 0 && abs(real - model) <= PacketReport.agreement
            return [
                measured.metric.rawValue, Decimal.text(real, places: 1, signed: true),
                Decimal.text(model, places: 1, signed: true), agrees ? "yes" : "NO",
            ]
        }
        return ReportTable(
            title: "water-filling against fifo-ecmp in per cent: same sign and within "
                + "\(Int(PacketReport.agreement)) points",
            header: ["metric", "packets", "simulated", "agree"], rows: rows)
    }
}
