// A scheduling policy in words.

import Learning
import Shaper

/// `leptonnet policy show`: what a policy does in which situation.
public struct PolicyDescription {
    public init() {}

    private static let legend = """
        Situations: "real time" and "elastic" are the classes' demand over the capacity of all paths (bounds 0.15, 0.3 and \
        0.3, 0.6); "least capacity" is that of the path furthest below its contract (0.5, 0.85); "delay" is how long the \
        fullest path needs to empty its queues (5, 20 ms); "flagged" is whether a detector holds a source for an attacker.
        Choices: which demand and capacity path weights follow, how guarantees are set, and after these whether flagged \
        sources are limited, long flows placed one by one, and pages kept on near paths.

        """

    /// Trains the table of tabular Q-learning from a seed and prints it.
    public func table(seed: UInt64) -> String {
        let policy = TabularTrainer(seed: seed).train()
        return "Tabular Q-learning, seed \(seed)\n\n\(Self.legend)\n\(policy.table.text)\n"
    }

    /// Lets a trained network decide on validation runs and prints what it chose.
    ///
    /// - Parameter path: its weights file.
    public func network(_ path: String) throws(UserError) -> String {
        let policy = try PolicySimulation.policy(path)
        let bytes = try FileBytes.read(path, expecting: "a weights file of `leptonnet train policy`")
        let seed = (try? SafetensorsFile(bytes: bytes))?.metadata["seed"] ?? "unknown"
        let summary = PolicySummary(of: policy)
        let verdicts = summary.verdicts.filter { $0.count > 0 }.map { "\($0.verdict.rawValue) \($0.count)" }
        let share = 1000 * summary.departures / max(summary.decisions, 1)
        return """
            Deep Q-network of \(path): training seed \(seed), \(policy.model.layout.count) parameters, \
            \(policy.range.mean.count) features, \(ControlAction.learnable.count) choices
            It departs from "\(ControlAction.bestConstant.name)" where it sees a gain above \(policy.margin): \
            in \(share / 10).\(share % 10) % of \(summary.decisions) decisions on validation runs
            What was in force: \(verdicts.joined(separator: ", "))

            \(Self.legend)
            \(summary.choices.text)

            \(summary.table.text)

            """
    }
}
