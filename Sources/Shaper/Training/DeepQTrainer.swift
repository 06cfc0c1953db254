// Trains the Q-network in the simulator.

import Learning

/// Deep Q-learning (Mnih et al. 2015) with double estimates (van Hasselt et al. 2016), dueling heads (Wang et al. 2016),
/// returns over several steps (Sutton 1988), prioritised replay (Schaul et al. 2016), a slowly following target network
/// and action masks, inside the shield.
///
/// Before each decision several choices are tried out on branches of the simulated run. Their rewards are relative to the
/// best constant choice's on the same trace, the trace-conditioned baseline in its exact form, so the network learns
/// when to depart from that choice and not how the demand of a run happened to be.
///
/// The same settings and seed give the same weights bit for bit.
public struct DeepQTrainer: Sendable {
    /// Decisions to take in all.
    public var steps = 15_000
    /// Decisions over which random choices become rare.
    public var explorationSteps = 6_000
    public var seed: UInt64
    public var discount = 0.8
    /// Intervals of real reward before the estimate takes over.
    public var returnLength = 5
    /// Choices that are tried out before each decision, besides the best constant one; zero learns from what happens in
    /// the run alone.
    public var trials = 4
    public var learningRate: Float = 3e-4
    public var batch = 128
    /// Decisions between two gradient steps.
    public var stepsPerUpdate = 2
    public var memory = 131_072
    /// How fast the target network follows, per gradient step.
    public var targetRate: Float = 0.005
    /// Runs, of at most 36, that checkpoints are compared by; margins are by three times as many.
    public var validationRuns = 36
    /// What the reward is relative to when nothing is tried out.
    public var baseline = RewardBaseline.rollout(intervals: 5)
    /// Whether the target's choice is the online network's.
    public var usesDoubleEstimate = true
    /// Whether transitions are drawn by their error and not evenly.
    public var usesPriorities = true

    public init(seed: UInt64) {
        self.seed = seed
    }

    /// A point of the learning curve.
    public struct Progress: Sendable, Equatable {
        public var steps: Int
        /// Mean utility of the policy under a usual margin over the validation runs.
        public var validation: Double
        /// Mean scaled reward since the last point.
        public var reward: Double
        /// Mean absolute error of the network since the last point.
        public var error: Double
    }

    /// What training gives.
    public struct Result: Sendable {
        /// The policy of the best validation.
        public var policy: DeepQPolicy
        public var curve: [Progress]
        public var best: Progress
    }

    /// Trains from the seed.
    ///
    /// - Parameter progress: Is told each point of the learning curve as it is known.
    public func train(paths: Int = Scenario.threePaths.count, progress: (Progress) -> Void = { _ in }) -> Result {
        var session = DeepQSession(self, paths: paths)
        return session.run(progress: progress)
    }
}
