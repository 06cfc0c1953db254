// The state of one training.

import Learning

/// Interleaves runs, so that what is learned from is not all of one run, with gradient steps.
struct DeepQSession {
    private static let parallelRuns = 16
    private static let validationEvery = 3_000
    /// Transitions before the first gradient step.
    private static let warmUp = 1_000
    /// The margin under which checkpoints are compared.
    private static let usualMargin: Float = 0.1
    private static let leastExploration = 0.05
    /// How likely water-filling is to take over in an interval, and for how many intervals at most: a quarter of all.
    private static let asideShare = 1.0 / 64
    private static let longestAside = 40

    private let settings: DeepQTrainer
    private let online: Model
    private let chooser: DeepQPolicy
    private var learner: DeepQLearner
    private var replay: ReplayMemory
    private var random: PCG64
    private let dice: Dice
    private var moments: FeatureMoments

    /// What all runs' explorers share: the share of random choices and the numbers behind them.
    private final class Dice {
        var exploration = 1.0
        var random: PCG64

        init(seed: UInt64) {
            random = PCG64(seed: seed)
        }
    }

    /// A run with the steps whose return is not complete yet.
    private struct Track {
        var run: TrainingRun
        var pending: [(features: [Float], choice: Int, reward: Double)] = []
        /// Intervals for which water-filling still acts in the learner's place.
        var aside = 0
    }

    init(_ settings: DeepQTrainer, paths: Int) {
        self.settings = settings
        let network = DeepQPolicy.network(paths: paths)
        let width = SiteFeatures.count(paths: paths)
        online = Model(network, seed: settings.seed)
        let open = FeatureRange(mean: Array(repeating: 0, count: width), deviation: Array(repeating: 1, count: width))
        chooser = DeepQPolicy(model: online, range: open)
        learner = DeepQLearner(settings, online: online)
        replay = ReplayMemory(capacity: settings.memory, width: width)
        random = PCG64(seed: settings.seed ^ 0x7261_696e)
        dice = Dice(seed: settings.seed ^ 0x6469_6365)
        moments = FeatureMoments(count: width)
    }

    mutating func run(progress: (DeepQTrainer.Progress) -> Void) -> DeepQTrainer.Result {
        var tracks = (0..<DeepQSession.parallelRuns).map { _ in newTrack() }
        var curve: [DeepQTrainer.Progress] = []
        var best: (point: DeepQTrainer.Progress, model: Model)?
        var sums = (reward: 0.0, error: 0.0, updates: 0)
        for step in 1...settings.steps {
            dice.exploration = max(
                DeepQSession.leastExploration, 1 - Double(step) / Double(settings.explorationSteps))
            let index = step % tracks.count
            sums.reward += settings.trials > 0 ? explore(&tracks[index]) : advance(&tracks[index])
            if tracks[index].run.isFinished { tracks[index] = newTrack() }
            if replay.count >= DeepQSession.warmUp, step % settings.stepsPerUpdate == 0 {
                let share = Double(step) / Double(settings.steps)
                sums.error += learner.update(&replay, progress: share, random: &random)
                sums.updates += 1
            }
            guard step % DeepQSession.validationEvery == 0 || step == settings.steps else { continue }
            let checkpoint = DeepQPolicy(
                model: learner.target, range: moments.range, margin: DeepQSession.usualMargin)
            let point = DeepQTrainer.Progress(
                steps: step, validation: mean(settings.validate(checkpoint, runs: settings.validationRuns)),
                reward: sums.reward / Double(DeepQSession.validationEvery),
                error: sums.error / Double(max(sums.updates, 1)))
            sums = (0, 0, 0)
            curve.append(point)
            progress(point)
            // A policy that still explores is not picked.
            let isSettled = step >= settings.explorationSteps || step == settings.steps
            if isSettled, point.validation > best?.point.validation ?? -.infinity {
                best = (point, Model(copying: learner.target))
            }
        }
        let picked = best ?? (curve[curve.count - 1], Model(copying: learner.target))
        let policy = settings.settingMargin(of: DeepQPolicy(model: picked.model, range: moments.range))
        return DeepQTrainer.Result(policy: policy, curve: curve, best: picked.point)
    }

    private mutating func newTrack() -> Track {
        let dice = dice
        let chooser = chooser
        let run = TrainingRun(
            trace: Curriculum.draw(&random), baseline: settings.trials > 0 ? .none : settings.baseline,
            discount: settings.discount, trials: (settings.trials, settings.returnLength)
        ) { situation, allowed in
            let open = allowed.indices.filter { allowed[$0] }
            if dice.random.uniform() < dice.exploration { return open[dice.random.index(below: open.count)] }
            return chooser.choose(situation, allowed: allowed) ?? open[0]
        }
        return Track(run: run)
    }

    /// One interval of one run, with several choices tried out on branches; returns the best of their rewards.
    private mutating func explore(_ track: inout Track) -> Double {
        let dice = dice
        if track.aside > 0 {
            track.aside -= 1
        } else if random.uniform() < DeepQSession.asideShare {
            track.aside = 1 + random.index(below: DeepQSession.longestAside)
        }
        let transitions = track.run.advanceAndTry(standingAside: track.aside > 0) { allowed, count in
            var open = allowed.indices.filter { allowed[$0] }
            return (0..<min(count, open.count)).map { _ in open.remove(at: dice.random.index(below: open.count)) }
        }
        guard let first = transitions.first else { return 0 }
        moments.add(first.features)
        for transition in transitions { replay.append(transition) }
        return Double(transitions.map(\.reward).max() ?? 0)
    }

    /// One interval of one run; a transition is remembered when its return is complete.
    private mutating func advance(_ track: inout Track) -> Double {
        let reward = track.run.advance()
        guard let situation = track.run.explorer.situation else {
            track.pending.removeAll()
            return reward
        }
        moments.add(situation.features)
        if track.pending.count == settings.returnLength {
            var total = 0.0
            for step in track.pending.reversed() { total = step.reward + settings.discount * total }
            replay.append(
                Transition(
                    features: track.pending[0].features, choice: track.pending[0].choice, reward: Float(total),
                    next: situation.features, nextAllowed: track.run.explorer.allowed.bits))
            track.pending.removeFirst()
        }
        track.pending.append((situation.features, track.run.explorer.choice, reward))
        return reward
    }

    private func mean(_ values: [Double]) -> Double {
        values.reduce(0, +) / Double(values.count)
    }
}
