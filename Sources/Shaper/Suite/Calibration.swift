// Whether this simulator agrees with the study that the design rests on.

/// Twenty seeds of the study's setting; no gain counts unless these figures come out.
enum Calibration {
    /// Mean latency in ms, legitimate loss and useful utilisation in per cent.
    private static let expected: [(contender: String, figures: [(Metric, Double)])] = [
        ("fifo-ecmp", [(.meanLatency, 81.8), (.legitimateLoss, 14.2), (.usefulUtilisation, 50.9)]),
        ("water-filling-last", [(.meanLatency, 49.6), (.legitimateLoss, 5.0), (.usefulUtilisation, 59.4)]),
    ]
    private static let tolerance = 0.10
    static let seeds: Range<UInt64> = 2000..<2020

    static func run(progress: (String) -> Void) -> SuiteReport {
        let scenario = Scenario(classBuffers: ShapingPlan.longBuffers)
        let traces = seeds.map { DemandTrace(scenario: scenario, seed: $0) }
        let results = SimulationSuite.results(Contender.classical + [.waterFilling], on: traces, progress: progress)
        let checks = expected.flatMap { contender, figures in
            figures.map { metric, value in
                let runs = results.first { $0.name == contender }?.runs ?? []
                return SuiteCheck(
                    "\(contender) \(metric.rawValue)", metric.mean(of: runs) ?? .nan, .within(tolerance, of: value))
            }
        }
        let comparisons = ["water-filling", "fq-codel-wcmp"].flatMap { policy in
            SimulationSuite.compare(results, policy, with: "fifo-ecmp", setting: "calibration")
        }
        return SuiteReport(
            suite: SimulationSuite.calibrate.rawValue,
            conditions: [
                "seeds \(seeds.lowerBound) to \(seeds.upperBound - 1), 120 s each, load 0.85, mix A, floods, "
                    + "varying capacity, telemetry one interval old",
                "buffers: 100 ms first-in first-out; classes 20/40/60/50/20 ms",
            ],
            tables: [
                ReportTable.means(title: "Means over the seeds", results),
                ReportTable.changes(title: "Paired changes", comparisons),
            ], comparisons: comparisons, checks: checks, pictures: [])
    }
}
