// The learned policy as it runs: a small network and the best allowed output.

import Learning

/// A dueling Q-network (Wang et al.: Dueling Network Architectures for Deep Reinforcement Learning, ICML 2016) over
/// `SiteFeatures`, one output for each of `ControlAction.learnable`.
///
/// One thread at a time calls `choose`; any number of policies may share one model.
public final class DeepQPolicy: ChoicePolicy, @unchecked Sendable {
    public let model: Model
    /// The situations of training.
    public let range: FeatureRange
    private let execution: Execution

    public init(model: Model, range: FeatureRange) {
        self.model = model
        self.range = range
        execution = Execution(model.network)
    }

    /// A policy of its own over the same parameters, for another thread or run.
    public convenience init(sharing other: DeepQPolicy) {
        self.init(model: other.model, range: other.range)
    }

    /// The network for a site with so many paths.
    public static func network(paths: Int, hidden: Int = 128) -> Sequential {
        let features = SiteFeatures.count(paths: paths)
        return Sequential([
            Dense(inputs: features, outputs: hidden), Activation(.rectifier, count: hidden),
            Dense(inputs: hidden, outputs: hidden), Activation(.rectifier, count: hidden),
            DuelingHead(inputs: hidden, actions: ControlAction.learnable.count),
        ])
    }

    public func choose(_ situation: Situation, allowed: [Bool]) -> Int? {
        values(situation.features)
        var best: Int?
        for index in allowed.indices where allowed[index] && execution.output[index].isFinite {
            if let known = best, execution.output[known] >= execution.output[index] { continue }
            best = index
        }
        return best
    }

    private func values(_ features: [Float]) {
        execution.input.copy(features)
        execution.forward(model)
    }
}
