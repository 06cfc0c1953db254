// The learned policy as it runs: a small network and the best allowed output.

import Learning

/// A dueling Q-network (Wang et al.: Dueling Network Architectures for Deep Reinforcement Learning, ICML 2016) over
/// `SiteFeatures`, one output for each of `ControlAction.learnable`.
///
/// The policy departs from the best constant choice only where the network sees a gain above its margin: between choices
/// that are worth nearly the same, the network's own noise would decide otherwise.
///
/// One thread at a time calls `choose`; any number of policies may share one model.
public final class DeepQPolicy: ChoicePolicy, @unchecked Sendable {
    public let model: Model
    /// The situations of training.
    public let range: FeatureRange
    /// What a choice must be worth more than the best constant one, in the network's units, to be preferred to it.
    public let margin: Float
    private let execution: Execution

    public init(model: Model, range: FeatureRange, margin: Float = 0) {
        self.model = model
        self.range = range
        self.margin = margin
        execution = Execution(model.network)
    }

    /// A policy of its own over the same parameters, for another thread or run.
    public convenience init(sharing other: DeepQPolicy) {
        self.init(model: other.model, range: other.range, margin: other.margin)
    }

    /// The network for a site with so many paths.
    public static func network(paths: Int, hidden: Int = 128) -> Sequential {
        let features = SiteFeatures.count(paths: paths)
        let expansion = ChoiceExpansion()
        return Sequential([
            Dense(inputs: features, outputs: hidden), Activation(.rectifier, count: hidden),
            Dense(inputs: hidden, outputs: hidden), Activation(.rectifier, count: hidden),
            DuelingHead(
                value: Sequential([Dense(inputs: hidden, outputs: 1)]),
                advantage: Sequential([
                    Dense(inputs: hidden, outputs: expansion.inputCount, initialization: .constant(0)), expansion,
                ])),
        ])
    }

    public func choose(_ situation: Situation, allowed: [Bool]) -> Int? {
        values(situation.features)
        var best: Int?
        for index in allowed.indices where allowed[index] && execution.output[index].isFinite {
            if let known = best, execution.output[known] >= execution.output[index] { continue }
            best = index
        }
        guard let best, margin > 0 else { return best }
        let constant = ControlAction.constant(allowed: allowed)
        return execution.output[best] > execution.output[constant] + margin ? best : constant
    }

    private func values(_ features: [Float]) {
        execution.input.copy(features)
        execution.forward(model)
    }
}
