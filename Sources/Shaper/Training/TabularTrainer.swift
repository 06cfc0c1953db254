// Trains the table.

import Learning

/// Q-learning step by step, without memory and without a network. The same seed gives the same table bit for bit.
public struct TabularTrainer: Sendable {
    /// Runs of two minutes to learn from.
    public var runs = 120
    public var seed: UInt64
    public var discount = 0.8

    public init(seed: UInt64) {
        self.seed = seed
    }

    static func power(_ base: Double, _ exponent: Double) -> Double {
        PortableMath.exp(exponent * PortableMath.log(base))
    }

    private final class Table {
        var policy = TabularPolicy()
        var random: PCG64
        var exploration = 1.0

        init(seed: UInt64) {
            random = PCG64(seed: seed)
        }

        func choose(_ situation: Situation, _ allowed: [Bool]) -> Int {
            let open = allowed.indices.filter { allowed[$0] }
            if random.uniform() < exploration { return open[random.index(below: open.count)] }
            return policy.choose(situation, allowed: allowed) ?? open[0]
        }
    }

    /// Trains from the seed.
    ///
    /// - Parameter progress: Is told how many runs are done and the mean scaled reward of the last.
    public func train(progress: (Int, Double) -> Void = { _, _ in }) -> TabularPolicy {
        let table = Table(seed: seed ^ 0x7461_626c)
        var random = PCG64(seed: seed)
        for number in 0..<runs {
            table.exploration = max(0.1, 1 - Double(number) / (0.6 * Double(runs)))
            let run = TrainingRun(
                trace: Curriculum.draw(&random), baseline: .rollout(intervals: 5), discount: discount,
                decide: table.choose)
            progress(number + 1, episode(run, table))
        }
        return table.policy
    }

    private func episode(_ run: TrainingRun, _ table: Table) -> Double {
        var last: (row: Int, choice: Int, reward: Double)?
        var sum = 0.0
        var steps = 0.0
        while !run.isFinished {
            let reward = run.advance()
            guard let situation = run.explorer.situation else {
                last = nil
                continue
            }
            let row = TabularPolicy.row(of: situation.view)
            if let last {
                table.policy.learn(
                    row: last.row, choice: last.choice, reward: last.reward, next: row,
                    nextAllowed: run.explorer.allowed, discount: discount)
            }
            last = (row, run.explorer.choice, reward)
            sum += reward
            steps += 1
        }
        return sum / max(steps, 1)
    }
}
