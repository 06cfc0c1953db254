// How sure a trained policy must be before it departs from the best constant choice.

extension DeepQTrainer {
    private static let margins: [Float] = [0, 0.05, 0.1, 0.2, 0.4]

    /// The policy with the widest margin whose validation utility is within one standard error of the best margin's
    /// (the one-standard-error rule of Breiman et al.: Classification and Regression Trees, 1984): of policies that cannot
    /// be told apart the one that departs least is the safest.
    public func settingMargin(of policy: DeepQPolicy) -> DeepQPolicy {
        let candidates = DeepQTrainer.margins.map { margin in
            DeepQPolicy(model: policy.model, range: policy.range, margin: margin)
        }
        let utilities = candidates.map { validate($0, runs: 3 * validationRuns) }
        let sums = utilities.map { $0.reduce(0, +) }
        guard let best = sums.indices.max(by: { sums[$0] < sums[$1] }) else { return policy }
        let widest = candidates.indices.last { index in
            let losses = zip(utilities[best], utilities[index]).map { $0 - $1 }
            let count = Double(losses.count)
            let mean = losses.reduce(0, +) / count
            let variance = losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(count - 1, 1)
            return mean <= (variance / count).squareRoot()
        }
        return candidates[widest ?? best]
    }

    /// Utility of each validation run under the whole shield.
    func validate(_ policy: DeepQPolicy, runs: Int) -> [Double] {
        Curriculum.validation.prefix(runs).map { trace in
            Simulator.run(ShieldedController(policy, range: policy.range, scenario: trace.scenario), on: trace).utility
        }
    }
}
