// What each part is worth.

/// Takes parts away or changes conditions, one at a time, on the test seeds.
struct Ablation {
    let policy: DeepQPolicy

    func run(progress: (String) -> Void) -> SuiteReport {
        var tables: [ReportTable] = []
        var comparisons: [Comparison] = []
        let standard = Scenario()
        var settings: [(String, Scenario)] = [("standard", standard)]
        for age in [1, 2, 4] { settings.append(("counters \(age) intervals old", Scenario(telemetryAge: age))) }
        settings.append(("web and bulk buffers of 60 and 50 ms", Scenario(classBuffers: ShapingPlan.longBuffers)))
        settings.append(("perfect detector", Scenario(detector: .perfect)))
        settings.append(("no detector", Scenario(detector: .blind)))
        settings.append(("no floods", Scenario(floods: false)))
        settings.append(("fixed capacity", Scenario(varyingCapacity: false)))
        for (name, scenario) in settings {
            progress(name)
            let traces = Headline.seeds.map { DemandTrace(scenario: scenario, seed: $0) }
            let results = SimulationSuite.results(contenders, on: traces, progress: { _ in })
            tables.append(ReportTable.means(title: "Means, \(name)", results))
            for contender in contenders where contender.name != "water-filling" {
                comparisons += SimulationSuite.compare(
                    results, contender.name, with: "water-filling",
                    metrics: [.utility, .meanLatency, .legitimateLoss, .webCompletionTime, .attackBytesPassed],
                    setting: name)
            }
        }
        tables.append(ReportTable.changes(title: "Paired changes", comparisons))
        return SuiteReport(
            suite: SimulationSuite.ablation.rawValue,
            conditions: [
                "\(Headline.seeds.count) paired seeds from \(Headline.seeds.lowerBound), 120 s each, load 0.85, mix A; "
                    + "one condition changed at a time"
            ], tables: tables, comparisons: comparisons, checks: [], pictures: [])
    }

    private var contenders: [Contender] {
        [
            .waterFilling, .waterFillingSteered,
            Contender(name: "limiter-only", choice: .init(.derated, .adaptive, .perSource)), .bestConstant,
            Contender(name: "best-constant-shielded", choicePolicy: FixedChoice(.bestConstant)),
            Contender(name: "dqn", policy: policy), Contender(name: "dqn-without-shadow", unguarded: policy),
        ]
    }
}
