// Whether knowing demand ahead helps.

/// Water-filling on predicted demand against water-filling on the last interval and on smoothed demand, with fresh counters
/// and with counters two seconds old; and how far each prediction is off.
enum Prediction {
    private static let settings: [(name: String, scenario: Scenario)] = [
        ("test", Scenario()), ("counters 2 s old", Scenario(telemetryAge: 4)),
    ]
    private static let metrics: [Metric] = [.utility, .meanLatency, .legitimateLoss, .webCompletionTime]

    static func run(progress: (String) -> Void) -> SuiteReport {
        var tables: [ReportTable] = []
        var comparisons: [Comparison] = []
        for setting in settings {
            var trainer = PredictorTrainer(seed: 1)
            trainer.horizon = 1 + setting.scenario.telemetryAge
            let predictors = DemandPredictor.Architecture.allCases.map { architecture in
                progress("training \(architecture.rawValue) for \(setting.name)")
                return (architecture.rawValue, trainer.train(architecture))
            }
            let traces = Headline.seeds.map { DemandTrace(scenario: setting.scenario, seed: $0) }
            tables.append(errors(predictors, on: traces, horizon: trainer.horizon, setting: setting.name))
            let results = SimulationSuite.results(contenders(predictors), on: traces, progress: progress)
            tables.append(ReportTable.means(title: "Means, \(setting.name)", results))
            let changes = results.dropFirst().flatMap { result in
                ["water-filling", "water-filling-smooth"].filter { $0 != result.name }.flatMap { baseline in
                    SimulationSuite.compare(
                        results, result.name, with: baseline, metrics: metrics, setting: setting.name)
                }
            }
            tables.append(ReportTable.changes(title: "Paired changes, \(setting.name)", changes))
            comparisons += changes
        }
        return SuiteReport(
            suite: SimulationSuite.prediction.rawValue,
            conditions: [
                "\(Headline.seeds.count) paired seeds from \(Headline.seeds.lowerBound), 120 s each, load 0.85, mix A, floods",
                "predictors trained here from seed 1 on training seeds; mean by squared error, 0.9 quantile by pinball loss",
            ], tables: tables, comparisons: comparisons, checks: [], pictures: [])
    }

    private static func contenders(_ predictors: [(String, DemandPredictor)]) -> [Contender] {
        [.waterFilling, .waterFillingSmooth]
            + predictors.flatMap { name, predictor in
                DemandPredictor.Statistic.allCases.map { statistic in
                    Contender(name: "water-filling-\(name)-\(statistic.rawValue)") { trace in
                        Simulator.run(
                            PredictiveFilling(
                                DemandPredictor(sharing: predictor), statistic, scenario: trace.scenario),
                            on: trace)
                    }
                }
            }
            + [
                Contender(name: "water-filling-foresight") { trace in
                    Simulator.run(ForesightFilling(trace: trace), on: trace)
                }
            ]
    }

    /// Mean absolute error and share of values below the quantile, over classes that somebody waits for or that fill paths.
    private static func errors(
        _ predictors: [(String, DemandPredictor)], on traces: [DemandTrace], horizon: Int, setting: String
    ) -> ReportTable {
        typealias Guess = (ArraySlice<ClassVector>) -> (mean: ClassVector, high: ClassVector?)
        var guesses: [(String, Guess)] = [
            ("last interval", { history in (history[history.endIndex - 1], nil) }),
            (
                "smoothed",
                { history in
                    (history.dropFirst().reduce(history[history.startIndex]) { 0.75 * $0 + 0.25 * $1 }, nil)
                }
            ),
        ]
        for (name, predictor) in predictors {
            guesses.append(
                (
                    name,
                    { history in
                        let guess = predictor.predict(Array(history))
                        return (guess.mean, guess.high)
                    }
                ))
        }
        let classes: [TrafficClass] = [.voice, .video, .web, .bulk]
        let demands = traces.map { PredictorTrainer.demands(on: $0) }
        let rows = guesses.map { name, guess -> [String] in
            var errors = ClassVector()
            var (below, judged, count) = (0.0, 0.0, 0.0)
            for run in demands {
                PredictorTrainer.forEachWindow(run, horizon: horizon) { history, next in
                    let (mean, high) = guess(history)
                    count += 1
                    for trafficClass in classes {
                        errors[trafficClass] += abs(mean[trafficClass] - next[trafficClass])
                        if let high {
                            judged += 1
                            below += next[trafficClass] <= high[trafficClass] ? 1 : 0
                        }
                    }
                }
            }
            return [name] + classes.map { Decimal.text(errors[$0] / count / 1e6, places: 2) }
                + [judged > 0 ? Decimal.text(100 * below / judged, places: 0) + " %" : "-"]
        }
        return ReportTable(
            title: "Mean absolute error in Mbit/s, \(horizon) intervals ahead, \(setting)",
            header: ["prediction"] + classes.map(\.name) + ["below the 0.9 quantile"], rows: rows)
    }
}
