// The named sets of runs behind every published figure.

/// What `leptonnet simulate --suite` can run.
public enum SimulationSuite: String, CaseIterable, Sendable {
    /// The prototype's setting, to see that this simulator gives the prototype's figures.
    case calibrate
    /// The learned policy against the network before, against Linux as it comes, against water-filling and against a
    /// clairvoyant.
    case headline
    /// What each part and each condition is worth.
    case ablation
    /// Whether predicted demand helps water-filling.
    case prediction
    /// That nothing gets past the shield, in a million steps.
    case safety
    /// How fast every policy is simulated and how long a decision takes; the only suite whose figures differ from run to
    /// run.
    case speed

    /// Runs the suite.
    ///
    /// - Parameters:
    ///   - policies: Learned policies of one or more training seeds; `headline` and `ablation` need one.
    ///   - progress: Is told what has been done, for a person who waits.
    public func run(
        policies: [DeepQPolicy] = [], progress: (String) -> Void = { _ in }
    ) throws(ShaperError) -> SuiteReport {
        if self == .calibrate { return Calibration.run(progress: progress) }
        if self == .prediction { return Prediction.run(progress: progress) }
        if self == .speed { return Speed.run(policies: policies, progress: progress) }
        if self == .safety { return Safety(policy: policies.first).run(progress: progress) }
        guard let first = policies.first else {
            throw ShaperError(.missingPolicy, "suite \(rawValue) judges a learned policy: give its weights file")
        }
        return self == .headline
            ? Headline(policies: policies).run(progress: progress) : Ablation(policy: first).run(progress: progress)
    }

    /// Runs each contender on each trace.
    static func results(
        _ contenders: [Contender], on traces: [DemandTrace], progress: (String) -> Void
    ) -> [(name: String, runs: [RunMetrics])] {
        contenders.map { contender in
            let runs = traces.map { contender.run($0) }
            progress("\(contender.name): \(runs.count) runs")
            return (contender.name, runs)
        }
    }

    /// All metrics of one contender against another's.
    static func compare(
        _ results: [(name: String, runs: [RunMetrics])], _ policy: String, with baseline: String,
        metrics: [Metric] = Metric.allCases, setting: String
    ) -> [Comparison] {
        guard let first = results.first(where: { $0.name == policy }),
            let second = results.first(where: { $0.name == baseline })
        else { return [] }
        return metrics.compactMap { Comparison.between(first, second, metric: $0, setting: setting) }
    }
}
