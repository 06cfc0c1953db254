// The figures that the product is known by, and what they depend on.

/// Test seeds, an unseen mix, an unseen load and old counters; every policy on the same traces.
struct Headline {
    static let seeds: Range<UInt64> = 2000..<2020
    static let gridSeeds: Range<UInt64> = 3000..<3012
    private static let judged: [Metric] = [
        .meanLatency, .legitimateLoss, .usefulUtilisation, .utility, .webCompletionTime, .attackBytesPassed,
        .realTimeLatency99,
    ]

    /// The first is judged as `dqn`, the others, from other training seeds, as `dqn-2` and so on.
    let policies: [DeepQPolicy]

    private var learned: [Contender] {
        policies.enumerated().map { index, policy in
            Contender(name: index == 0 ? "dqn" : "dqn-\(index + 1)", policy: policy)
        }
    }

    /// The settings by name; the first is the one that goals are about.
    private static let settings: [(name: String, scenario: Scenario)] = [
        ("test", Scenario()),
        ("unseen mix", Scenario(mix: .unseen)),
        ("unseen load", Scenario(load: 1.1)),
        ("counters 2 s old", Scenario(telemetryAge: 4)),
    ]

    func run(progress: (String) -> Void) -> SuiteReport {
        progress("training the table")
        let table = TabularTrainer(seed: 1).train()
        var tables: [ReportTable] = []
        var comparisons: [Comparison] = []
        for (index, setting) in Headline.settings.enumerated() {
            progress(setting.name)
            let traces = Headline.seeds.map { DemandTrace(scenario: setting.scenario, seed: $0) }
            var contenders = [
                Contender.fifoECMP, .fqCoDelWCMP, .htbWCMP, .waterFilling, .waterFillingTuned,
                .waterFillingSteered, .bestConstant,
            ]
            contenders += [Contender(name: "tabular-q", choicePolicy: table)] + learned
            if index == 0 { contenders.append(.clairvoyant) }
            let results = SimulationSuite.results(contenders, on: traces, progress: progress)
            tables.append(ReportTable.means(title: "Means, \(setting.name)", results))
            let changes = compare(results, setting: setting.name)
            tables.append(ReportTable.changes(title: "Paired changes, \(setting.name)", changes))
            comparisons += changes
        }
        tables.append(table.table)
        tables.append(buffers(progress: progress))
        tables.append(grid(progress: progress))
        return SuiteReport(
            suite: SimulationSuite.headline.rawValue, conditions: Headline.conditions, tables: tables,
            comparisons: comparisons, checks: [], pictures: [Headline.picture(comparisons)])
    }

    private static var conditions: [String] {
        [
            "\(seeds.count) paired seeds from \(seeds.lowerBound), 120 s each, load 0.85 unless named, mix A unless "
                + "named, floods, varying capacity",
            "buffers: 100 ms first-in first-out; classes 20/40/40/30/20 ms (voice, video, web, bulk, quarantine)",
            "water-filling: on the last interval, what runs when the policy is off; water-filling-tuned: the best estimate "
                + "of demand and capacity; best-constant: the best of all constant choices, with limiter and steering",
        ]
    }

    private func compare(_ results: [(name: String, runs: [RunMetrics])], setting: String) -> [Comparison] {
        var pairs = [
            ("dqn", "fifo-ecmp"), ("dqn", "fq-codel-wcmp"), ("dqn", "water-filling"),
            ("dqn", "water-filling-tuned"), ("dqn", "best-constant"),
            ("dqn", "clairvoyant"), ("water-filling", "fifo-ecmp"), ("water-filling", "fq-codel-wcmp"),
            ("clairvoyant", "water-filling"), ("tabular-q", "water-filling"),
        ]
        pairs += learned.dropFirst().flatMap { [($0.name, "water-filling"), ($0.name, "water-filling-tuned")] }
        return pairs.flatMap { policy, baseline in
            SimulationSuite.compare(results, policy, with: baseline, metrics: Headline.judged, setting: setting)
        }
    }

    /// How much of the latency figure is the buffer of the network before.
    private func buffers(progress: (String) -> Void) -> ReportTable {
        let rows = [0.05, 0.1, 0.25].map { buffer -> [String] in
            progress("first-in first-out buffer \(Int(1000 * buffer)) ms")
            let scenario = Scenario(fifoBuffer: buffer)
            let traces = Headline.seeds.map { DemandTrace(scenario: scenario, seed: $0) }
            let results = SimulationSuite.results([.fifoECMP, learned[0]], on: traces, progress: { _ in })
            let cells = [Metric.meanLatency, .legitimateLoss, .usefulUtilisation].map { metric in
                Comparison.between(results[1], results[0], metric: metric, setting: "").map { comparison in
                    let estimate = comparison.estimate
                    return Decimal.text(estimate.value, places: 1, signed: true) + " ["
                        + Decimal.text(estimate.low, places: 1, signed: true) + ", "
                        + Decimal.text(estimate.high, places: 1, signed: true) + "]"
                } ?? "-"
            }
            return ["\(Int(1000 * buffer)) ms"] + cells
        }
        return ReportTable(
            title: "dqn against fifo-ecmp by the buffer of fifo-ecmp, per cent",
            header: ["buffer", "mean latency", "legitimate loss", "useful utilisation"], rows: rows)
    }

    /// Whether voice and video stay below 100 ms over the grid of loads with and without floods.
    private func grid(progress: (String) -> Void) -> ReportTable {
        let contenders = [Contender.fifoECMP, .fqCoDelWCMP, .waterFilling, learned[0]]
        let rows = [true, false].flatMap { floods in
            [0.5, 0.7, 0.85, 1.0].map { load -> [String] in
                progress("load \(load), \(floods ? "floods" : "no floods")")
                let scenario = Scenario(load: load, floods: floods)
                let traces = Headline.gridSeeds.map { DemandTrace(scenario: scenario, seed: $0) }
                let results = SimulationSuite.results(contenders, on: traces, progress: { _ in })
                return ["\(load)", floods ? "yes" : "no"]
                    + results.map { result in
                        Metric.realTimeLatency99.mean(of: result.runs).map { Decimal.text($0, places: 0) } ?? "-"
                    }
            }
        }
        return ReportTable(
            title: "Real-time p99 in ms, mean of \(Headline.gridSeeds.count) seeds",
            header: ["load", "floods"] + contenders.map(\.name), rows: rows)
    }

    private static func picture(_ comparisons: [Comparison]) -> (name: String, svg: String) {
        let shown = comparisons.filter { comparison in
            comparison.setting == settings[0].name && comparison.policy == "dqn"
                && !comparison.metric.comparesByDifference && comparison.metric != .realTimeLatency99
                && ["fifo-ecmp", "fq-codel-wcmp", "water-filling"].contains(comparison.baseline)
        }
        let bars = shown.map { ("\($0.metric.rawValue) vs \($0.baseline)", $0.estimate) }
        return ("headline", Chart.bars(title: "dqn, change in per cent with 95 % intervals", bars, unit: "%"))
    }
}
