// The memory and the state of one training.

/// One model's way through epochs: the batch buffers, the order of the samples and the random source.
struct TrainingSession {
    private let settings: Trainer
    private let model: Model
    private let training: Dataset
    private let execution: Execution
    private let targets: FloatBuffer
    private let outputGradient: FloatBuffer
    private let gradient: FloatBuffer
    private var order: [Int]
    private var random: RandomSource

    init(_ settings: Trainer, _ model: Model, _ training: Dataset) {
        let network = model.network
        precondition(training.inputCount == network.inputCount, "the samples do not fit the network")
        precondition(training.targetCount == network.outputCount, "the targets do not fit the network")
        self.settings = settings
        self.model = model
        self.training = training
        execution = Execution(network, batchCapacity: settings.batchSize)
        targets = FloatBuffer(count: settings.batchSize * network.outputCount)
        outputGradient = FloatBuffer(count: settings.batchSize * network.outputCount)
        gradient = FloatBuffer(count: model.layout.count)
        order = Array(0..<training.count)
        random = RandomSource(seed: settings.seed)
    }

    /// One pass over the training samples in a new order: mean loss, mean gradient norm, batches left out.
    mutating func runEpoch(_ optimizer: any Optimizer) -> (loss: Double, norm: Double, skipped: Int) {
        random.shuffle(&order)
        var total = 0.0
        var norms = 0.0
        var steps = 0
        var skipped = 0
        var start = 0
        while start < order.count {
            let samples = order[start..<min(start + settings.batchSize, order.count)]
            start += samples.count
            training.gather(samples, inputs: execution.input, targets: targets)
            augment(samples.count)
            execution.forward(model, batch: samples.count)
            total += evaluate(samples.count) * Double(samples.count)
            gradient.fill(0)
            execution.backward(
                model, batch: samples.count, outputGradient: outputGradient, parameterGradient: gradient)
            let norm = settings.clipping.apply(to: gradient)
            guard norm.isFinite else {
                skipped += 1
                continue
            }
            norms += norm
            steps += 1
            optimizer.step(model.parameters, gradient: gradient)
        }
        return (total / Double(order.count), steps > 0 ? norms / Double(steps) : 0, skipped)
    }

    /// The mean objective over all samples of a data set, unchanged and in order.
    func loss(on dataset: Dataset) -> Double {
        precondition(dataset.inputCount == training.inputCount, "the samples do not fit the network")
        precondition(dataset.targetCount == training.targetCount, "the targets do not fit the network")
        var total = 0.0
        var start = 0
        while start < dataset.count {
            let size = min(settings.batchSize, dataset.count - start)
            dataset.gather(Array(start..<start + size)[...], inputs: execution.input, targets: targets)
            execution.forward(model, batch: size)
            total += evaluate(size) * Double(size)
            start += size
        }
        return total / Double(dataset.count)
    }

    /// The objective of the batch in memory; leaves its gradient in `outputGradient`.
    private func evaluate(_ batch: Int) -> Double {
        settings.objective.evaluate(
            prediction: execution.output, target: targets, batch: batch, width: model.network.outputCount,
            gradient: outputGradient)
    }

    private mutating func augment(_ batch: Int) {
        for augmentation in settings.augmentations {
            augmentation.apply(
                to: execution.input, batch: batch, positions: settings.positions,
                channels: training.inputCount / settings.positions, random: &random)
        }
    }
}
