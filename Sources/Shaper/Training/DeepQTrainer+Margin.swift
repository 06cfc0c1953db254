// How sure a trained policy must be before it departs from the best constant choice.

extension DeepQTrainer {
    private static let margins: [Float] = [0, 0.1, 0.2, 0.4, 0.8, 1.6]

    /// The policy with the margin that does best on the validation runs; of equals the widest.
    public func settingMargin(of policy: DeepQPolicy) -> DeepQPolicy {
        let candidates = DeepQTrainer.margins.map { margin in
            DeepQPolicy(model: policy.model, range: policy.range, margin: margin)
        }
        let sums = candidates.map { validate($0, runs: 3 * validationRuns).reduce(0, +) }
        guard let best = sums.indices.max(by: { sums[$0] <= sums[$1] }) else { return policy }
        return candidates[best]
    }

    /// Utility of each validation run under the whole shield.
    func validate(_ policy: DeepQPolicy, runs: Int) -> [Double] {
        Curriculum.validation.prefix(runs).map { trace in
            Simulator.run(ShieldedController(policy, range: policy.range, scenario: trace.scenario), on: trace).utility
        }
    }
}
