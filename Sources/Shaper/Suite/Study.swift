// Policies on a site or on a demand that the user brings.

/// Runs every policy over traces of one scenario and tells what each came to.
public struct Study {
    private let traces: [DemandTrace]
    private let conditions: [String]
    private let policy: DeepQPolicy?

    /// - Parameters:
    ///   - traces: What to live through; all of one scenario.
    ///   - conditions: Where they come from, for the report.
    ///   - policy: A learned policy for as many paths as the scenario has.
    public init(traces: [DemandTrace], conditions: [String], policy: DeepQPolicy?) {
        precondition(!traces.isEmpty, "A study needs something to live through")
        self.traces = traces
        self.conditions = conditions
        self.policy = policy
    }

    /// Runs it.
    public func run(progress: (String) -> Void = { _ in }) -> SuiteReport {
        var contenders = Contender.classical + [.waterFilling, .bestConstant]
        if let policy { contenders.append(Contender(name: "dqn", policy: policy)) }
        let results = SimulationSuite.results(contenders, on: traces, progress: progress)
        var pairs = [
            ("water-filling", "fifo-ecmp"), ("best-constant", "fifo-ecmp"), ("best-constant", "water-filling"),
        ]
        if policy != nil { pairs += [("dqn", "fifo-ecmp"), ("dqn", "fq-codel-wcmp"), ("dqn", "water-filling")] }
        let comparisons = pairs.flatMap { policy, baseline in
            SimulationSuite.compare(results, policy, with: baseline, setting: "own")
        }
        return SuiteReport(
            suite: "own", conditions: conditions,
            tables: [
                ReportTable.means(title: "Means over \(traces.count) runs", results),
                ReportTable.changes(title: "Paired changes", comparisons),
            ], comparisons: comparisons, checks: [], pictures: [])
    }
}
