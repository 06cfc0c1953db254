// Training a scheduling policy on request.

import Glibc
import Learning
import Shaper

/// `leptonnet train policy`: trains the deep Q-network in the simulator, from a seed.
public struct PolicyTraining {
    private let trainer: DeepQTrainer

    /// - Parameters:
    ///   - seed: decides everything random; the same seed gives the same weights, bit for bit.
    ///   - steps: training steps; nil for the trainer's own number.
    public init(seed: UInt64, steps: Int?) {
        var trainer = DeepQTrainer(seed: seed)
        if let steps { trainer.steps = steps }
        self.trainer = trainer
    }

    /// Trains, shows progress, and writes weights and learning curve.
    ///
    /// - Parameters:
    ///   - path: the weights file (safetensors).
    ///   - curve: the learning curve as SVG; nil for none.
    public func run(weights path: String, curve: String?) throws(UserError) {
        let result = trainer.train { progress in
            let share = 100 * progress.steps / max(1, trainer.steps)
            Terminal.write(
                "\(share) %  validation utility \(Self.thousandths(progress.validation))\n", to: STDERR_FILENO)
        }
        try FileBytes.write(result.policy.weights(metadata: ["seed": "\(trainer.seed)"]).bytes, to: path)
        if let curve { try FileBytes.write(Array(result.picture.utf8), to: curve) }
        Terminal.write(
            "\(path): best validation utility \(Self.thousandths(result.best.validation)) at step \(result.best.steps)\n",
            to: STDOUT_FILENO)
    }

    private static func thousandths(_ value: Double) -> String {
        let whole = Int((value * 1000).rounded())
        let digits = String(abs(whole) % 1000)
        let sign = whole < 0 ? "-" : ""
        return "\(sign)\(abs(whole) / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
    }
}
