// Whether training learns, stops when it should and repeats itself.

import Learning
import Testing

@Suite("Training")
struct TrainingTests {
    /// Sequences of 12 positions × 1 channel: noise with a rising ramp, a falling ramp or a spike of three positions at a
    /// random place. A model has to find the shape wherever it is.
    private func shapes(_ count: Int, seed: UInt64) -> Dataset {
        var random = RandomSource(seed: seed)
        var inputs: [Float] = []
        var labels: [Int] = []
        for sample in 0..<count {
            let label = sample % 3
            var sequence = (0..<12).map { _ in Float(random.normal()) * 0.15 }
            let start = random.below(8)
            for step in 0..<5 {
                switch label {
                case 0: sequence[start + step] += Float(step) * 0.4
                case 1: sequence[start + step] += Float(4 - step) * 0.4
                default: sequence[start + step] += step % 2 == 0 ? 1.2 : -0.4
                }
            }
            inputs += sequence
            labels.append(label)
        }
        return Dataset(inputs: inputs, inputCount: 12, labels: labels, classes: 3)
    }

    /// Sequences of 8 positions × 2 channels: a value, and a mark at one early position. The class is the sign of the
    /// marked value, so that a model has to remember it.
    private func memories(_ count: Int, seed: UInt64) -> Dataset {
        var random = RandomSource(seed: seed)
        var inputs: [Float] = []
        var labels: [Int] = []
        for _ in 0..<count {
            let marked = random.below(5)
            var label = 0
            for position in 0..<8 {
                let value = random.uniform(0.3, 1) * (random.chance(0.5) ? 1 : -1)
                if position == marked { label = value > 0 ? 1 : 0 }
                inputs += [Float(value), position == marked ? 1 : 0]
            }
            labels.append(label)
        }
        return Dataset(inputs: inputs, inputCount: 16, labels: labels, classes: 2)
    }

    private func convolutional(seed: UInt64) -> (Model, TrainingReport) {
        let network = Sequential([
            Convolution1D(positions: 12, inputs: 1, outputs: 8, kernel: 5), Activation(.rectifier, count: 64),
            Pooling(.maximum, positions: 8, channels: 8), Dense(inputs: 8, outputs: 3, initialization: .glorotUniform),
        ])
        let model = Model(network, seed: seed)
        var trainer = Trainer(objective: Objective(.crossEntropy), epochs: 30, batchSize: 16, patience: 8, seed: seed)
        trainer.augmentations = [.jitter(deviation: 0.05)]
        trainer.positions = 12
        let adam = Adam(count: model.layout.count, learningRate: 0.02)
        return (model, trainer.train(model, with: adam, on: shapes(180, seed: 1), validation: shapes(60, seed: 2)))
    }

    @Test("A small convolutional network learns shapes to at least 95 % accuracy")
    func convolution() {
        let (model, report) = convolutional(seed: 3)
        #expect(model.confusion(on: shapes(150, seed: 4)).accuracy >= 0.95)
        #expect(report.epochs.count > 1)
        #expect(report.epochs.first!.trainingLoss > 2 * report.epochs.last!.trainingLoss)
    }

    @Test("A gated recurrent unit learns to remember to at least 95 % accuracy")
    func recurrence() {
        let network = Sequential([GRU(positions: 8, inputs: 2, units: 8), Dense(inputs: 8, outputs: 2)])
        let model = Model(network, seed: 5)
        let trainer = Trainer(objective: Objective(.crossEntropy), epochs: 30, batchSize: 16, seed: 6)
        let adam = Adam(count: model.layout.count, learningRate: 0.02)
        let validation = memories(80, seed: 8)
        _ = trainer.train(model, with: adam, on: memories(240, seed: 7), validation: validation) { epoch in
            epoch.validationLoss > 0.02
        }
        #expect(model.confusion(on: memories(200, seed: 9)).accuracy >= 0.95)
    }

    @Test("The same seed gives the same weights and curve, bit for bit, another seed others")
    func determinism() {
        let (first, firstReport) = convolutional(seed: 3)
        let (second, secondReport) = convolutional(seed: 3)
        #expect(first.parameters.values.map(\.bitPattern) == second.parameters.values.map(\.bitPattern))
        #expect(firstReport == secondReport)
        let (third, _) = convolutional(seed: 4)
        #expect(first.parameters.values != third.parameters.values)
    }

    /// A straight line: one input, one output.
    private func line(_ count: Int, slope: Float, seed: UInt64) -> Dataset {
        var random = RandomSource(seed: seed)
        let inputs = (0..<count).map { _ in Float(random.uniform(-1, 1)) }
        return Dataset(inputs: inputs, inputCount: 1, targets: inputs.map { $0 * slope + 1 }, targetCount: 1)
    }

    @Test("Training stops when validation stops improving, and the best epoch's weights are kept")
    func earlyStopping() {
        let model = Model(Sequential([Dense(inputs: 1, outputs: 1)]), seed: 1)
        let trainer = Trainer(objective: Objective(.meanSquaredError), epochs: 50, batchSize: 8, patience: 3, seed: 1)
        // The validation line rises the other way: learning soon makes it worse.
        let validation = line(16, slope: -2, seed: 2)
        let descent = StochasticGradientDescent(count: model.layout.count, learningRate: 0.02)
        let report = trainer.train(model, with: descent, on: line(32, slope: 2, seed: 1), validation: validation)
        #expect(report.end == .stoppedEarly)
        #expect(report.epochs.count == report.bestEpoch + 3)
        #expect(report.epochs.count < 50)
        #expect(report.bestValidationLoss == report.epochs.map(\.validationLoss).min())
        #expect(trainer.loss(of: model, on: validation) == report.bestValidationLoss)
    }

    @Test("Descent with momentum finds a line, the learning rate falling each epoch")
    func descent() {
        let model = Model(Sequential([Dense(inputs: 1, outputs: 1)]), seed: 1)
        var trainer = Trainer(objective: Objective(.meanSquaredError), epochs: 15, batchSize: 8, seed: 1)
        trainer.learningRateDecay = 0.75
        let data = line(64, slope: 2, seed: 1)
        let descent = StochasticGradientDescent(count: model.layout.count, learningRate: 0.1)
        let report = trainer.train(model, with: descent, on: data, validation: data)
        #expect(report.end == .finished)
        #expect(report.epochs.map(\.learningRate).prefix(3) == [0.1, 0.075, 0.075 * 0.75])
        #expect(report.bestValidationLoss < 1e-3)
    }

    @Test("A mean and a quantile are learned side by side")
    func quantile() {
        var random = RandomSource(seed: 1)
        let values = (0..<600).map { _ in Float(random.uniform()) }
        let data = Dataset(
            inputs: values.map { _ in 1 }, inputCount: 1, targets: values.flatMap { [$0, $0] }, targetCount: 2)
        let model = Model(Sequential([Dense(inputs: 1, outputs: 2)]), seed: 1)
        let objective = Objective([
            .init(.meanSquaredError, columns: 0..<1), .init(.pinball(quantile: 0.9), columns: 1..<2),
        ])
        var trainer = Trainer(objective: objective, epochs: 30, batchSize: 50, seed: 1)
        trainer.learningRateDecay = 0.85
        _ = trainer.train(model, with: Adam(count: model.layout.count, learningRate: 0.05), on: data, validation: data)
        let output = model.predictions(for: data.selecting([0]))
        #expect((output[0] - 0.5).magnitude < 0.04)
        #expect((output[1] - 0.9).magnitude < 0.04)
    }

    @Test("A batch with numbers beyond measure is left out, and a model that diverged keeps its last good weights")
    func divergence() {
        let model = Model(Sequential([Dense(inputs: 1, outputs: 1)]), seed: 1)
        let trainer = Trainer(objective: Objective(.meanSquaredError), epochs: 5, batchSize: 1, seed: 1)
        let data = Dataset(inputs: [1, .infinity, 2], inputCount: 1, targets: [1, 1, 2], targetCount: 1)
        let report = trainer.train(
            model, with: StochasticGradientDescent(count: model.layout.count, learningRate: 0.01), on: data,
            validation: line(8, slope: 1, seed: 1))
        #expect(report.epochs.allSatisfy { $0.skippedBatches == 1 })
        #expect(model.parameters.values.allSatisfy { $0.isFinite })

        let wild = StochasticGradientDescent(count: model.layout.count, learningRate: 1e30)
        let before = model.parameters.values
        let broken = trainer.train(
            model, with: wild, on: line(8, slope: 1, seed: 1), validation: line(8, slope: 1, seed: 1))
        #expect(broken.end == .diverged)
        #expect(broken.bestEpoch > 0 || model.parameters.values == before)
        #expect(model.parameters.values.allSatisfy { $0.isFinite })
    }

    @Test("The caller can end training")
    func cancellation() {
        let model = Model(Sequential([Dense(inputs: 1, outputs: 1)]), seed: 1)
        let trainer = Trainer(objective: Objective(.meanSquaredError), epochs: 5, seed: 1)
        let data = line(8, slope: 1, seed: 1)
        let report = trainer.train(model, with: Adam(count: model.layout.count), on: data, validation: data) {
            $0.number < 2
        }
        #expect(report.end == .cancelled)
        #expect(report.epochs.count == 2)
    }
}
