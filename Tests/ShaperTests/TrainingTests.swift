// Learning, in pieces that are quick to check.

import Learning
import Testing

@testable import Shaper

@Suite("Training")
struct TrainingTests {
    @Test("A sum tree draws in proportion to weights")
    func sumTree() {
        var tree = SumTree(count: 5)
        for (item, weight) in [1.0, 0, 3, 4, 2].enumerated() { tree.set(item, to: weight) }
        #expect(tree.total == 10)
        var counts = [Int](repeating: 0, count: 5)
        for step in 0..<1000 { counts[tree.item(at: (Double(step) + 0.5) / 100)] += 1 }
        #expect(counts == [100, 0, 300, 400, 200])
        tree.set(2, to: 0)
        #expect(tree.item(at: 1.5) == 3)
    }

    @Test("A memory that is full forgets the oldest and draws what was wrong more often")
    func replay() {
        var memory = ReplayMemory(capacity: 4, width: 1)
        for number in 0..<6 {
            memory.append(
                Transition(features: [Float(number)], choice: 0, reward: Float(number), next: [0], nextAllowed: 1))
        }
        #expect(memory.count == 4)
        #expect(Set((0..<4).map { memory.reward($0) }) == [2, 3, 4, 5])
        for slot in 0..<4 { memory.setError(slot == 1 ? 100 : 0, of: slot) }
        var random = PCG64(seed: 1)
        let drawn = memory.draw(100, correction: 1, random: &random)
        #expect(drawn.slots.filter { $0 == 1 }.count > 70)
        let often = drawn.slots.firstIndex(of: 1).map { drawn.weights[$0] } ?? 1
        #expect(often < 0.2)
    }

    @Test("The gradient of the sum over a choice's parts is that of a difference quotient")
    func expansionGradient() {
        let layer = ChoiceExpansion()
        let network = Sequential([Dense(inputs: 3, outputs: layer.inputCount), layer])
        let model = Model(network, seed: 4)
        let execution = Execution(network)
        execution.input.copy([0.3, -0.7, 1.1])
        func loss() -> Float {
            execution.forward(model)
            return (0..<layer.outputCount).reduce(0) { $0 + Float($1 % 5) * execution.output[$1] }
        }
        _ = loss()
        let outputGradient = FloatBuffer((0..<layer.outputCount).map { Float($0 % 5) })
        let gradient = FloatBuffer(count: model.layout.count)
        execution.backward(model, outputGradient: outputGradient, parameterGradient: gradient)
        for index in stride(from: 0, to: 3 * layer.inputCount, by: 5) {
            let value = model.parameters[index]
            model.parameters[index] = value + 0.5
            let above = loss()
            model.parameters[index] = value - 0.5
            let below = loss()
            model.parameters[index] = value
            #expect(abs((above - below) - gradient[index]) < 1e-2)
        }
    }

    @Test("Textbook updates find the better of two choices, and by how much")
    func tabular() {
        var policy = TabularPolicy()
        let allowed = Array(repeating: true, count: ControlAction.learnable.count)
        for _ in 0..<4000 {
            policy.learn(row: 0, choice: 3, reward: 1, next: 0, nextAllowed: allowed, discount: 0.5)
            policy.learn(row: 0, choice: 5, reward: 0, next: 0, nextAllowed: allowed, discount: 0.5)
        }
        #expect(policy.best(in: 0, allowed: allowed) == 3)
        // 1 + 0.5 + 0.25 + ... for always the good choice; half of that for the bad one first.
        #expect(abs(policy.values[0][3] - 2) < 0.01)
        #expect(abs(policy.values[0][5] - 1) < 0.01)
        #expect(policy.best(in: 1, allowed: allowed) == nil)
        #expect(policy.table.text.contains(ControlAction.learnable[3].name))
    }

    @Test("Playing the base policy earns nothing under the rollout baseline")
    func rewardOfBase() {
        let trace = DemandTrace(scenario: Scenario(duration: 30), seed: 5)
        let base = FixedChoice(.bestConstant)
        let run = TrainingRun(trace: trace, baseline: .rollout(intervals: 4), discount: 0.8) { situation, allowed in
            base.choose(situation, allowed: allowed) ?? 0
        }
        while !run.isFinished { #expect(abs(run.advance()) < 1e-9) }
    }

    @Test("Tried on branches, the base choice earns nothing and the run goes on as if nobody had tried")
    func branches() {
        let trace = DemandTrace(scenario: Scenario(duration: 20), seed: 5)
        let base = FixedChoice(.bestConstant)
        func run(trying count: Int) -> (transitions: [Transition], utility: [Double]) {
            let run = TrainingRun(
                trace: trace, baseline: .none, discount: 0.8, trials: (count, 4)
            ) { situation, allowed in base.choose(situation, allowed: allowed) ?? 0 }
            var transitions: [Transition] = []
            var utility: [Double] = []
            while !run.isFinished {
                transitions += run.advanceAndTry { allowed, count in
                    Array(allowed.indices.filter { allowed[$0] }.prefix(count))
                }
                utility.append(run.lastUtility)
            }
            return (transitions, utility)
        }
        let tried = run(trying: 2)
        #expect(tried.utility == run(trying: 0).utility)
        #expect(tried.transitions.contains { $0.reward != 0 })
        for transition in tried.transitions where transition.choice == ControlAction.constantIndex {
            #expect(transition.reward == 0)
        }
    }

    @Test("The same seed gives the same weights, and they survive their file")
    func reproducible() throws {
        var trainer = DeepQTrainer(seed: 3)
        trainer.steps = 1_300
        trainer.explorationSteps = 1_000
        trainer.validationRuns = 1
        trainer.batch = 32
        trainer.stepsPerUpdate = 64
        trainer.baseline = .trace
        let first = trainer.train().policy.weights().bytes
        let second = trainer.train().policy.weights().bytes
        #expect(first == second)
        let policy = try DeepQPolicy(weights: SafetensorsFile(bytes: first), paths: 3)
        #expect(policy.weights().bytes == first)
        #expect(throws: LearningError.self) { try DeepQPolicy(weights: SafetensorsFile(bytes: first), paths: 2) }
    }

    @Test("A network only ever chooses what is allowed, and nothing when its outputs are no numbers")
    func maskedChoice() {
        let width = SiteFeatures.count(paths: 3)
        let range = FeatureRange(
            mean: Array(repeating: 0, count: width), deviation: Array(repeating: 1, count: width))
        let policy = DeepQPolicy(model: Model(DeepQPolicy.network(paths: 3), seed: 1), range: range)
        var situation = Situation(view: SiteView(paths: Scenario.threePaths))
        var random = PCG64(seed: 2)
        for _ in 0..<200 {
            situation.features = (0..<width).map { _ in Float(random.normal()) }
            var allowed = (0..<ControlAction.learnable.count).map { _ in random.uniform() < 0.3 }
            allowed[0] = true
            let choice = policy.choose(situation, allowed: allowed)
            #expect(choice.map { allowed[$0] } == true)
        }
        situation.features = Array(repeating: .nan, count: width)
        #expect(policy.choose(situation, allowed: Array(repeating: true, count: ControlAction.learnable.count)) == nil)
    }
}
