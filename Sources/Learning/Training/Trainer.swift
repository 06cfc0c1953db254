// The training loop.

/// Trains a model in shuffled batches, watches it on samples it does not learn from and keeps the best parameters.
///
/// The same settings, data and seed give the same parameters bit for bit.
public struct Trainer: Sendable {
    public var objective: Objective
    /// The most passes over the training samples.
    public var epochs: Int
    /// Samples per step; the last batch of an epoch may be smaller.
    public var batchSize: Int
    /// Epochs without improvement of the validation loss after which training stops (Prechelt, Early stopping, but when?
    /// in Neural networks: tricks of the trade, 1998); nil to do all epochs.
    public var patience: Int?
    /// How much lower a validation loss must be to count as an improvement.
    public var minimumImprovement: Double = 0
    /// The factor of the learning rate from one epoch to the next.
    public var learningRateDecay: Float = 1
    public var clipping = GradientClipping.norm(5)
    /// Changes to each training batch, in this order; samples are sequences of positions × channels.
    public var augmentations: [Augmentation] = []
    /// Positions of a sample for augmentation.
    public var positions = 1
    /// Seed of shuffling and augmentation.
    public var seed: UInt64

    public init(objective: Objective, epochs: Int, batchSize: Int = 32, patience: Int? = nil, seed: UInt64) {
        precondition(epochs > 0 && batchSize > 0, "training needs epochs and samples")
        self.objective = objective
        self.epochs = epochs
        self.batchSize = batchSize
        self.patience = patience
        self.seed = seed
    }

    /// Trains `model` and leaves it with the parameters of its best epoch.
    ///
    /// - Parameter progress: told of every epoch; returns whether to go on.
    public func train(
        _ model: Model, with optimizer: any Optimizer, on training: Dataset, validation: Dataset,
        progress: (TrainingReport.Epoch) -> Bool = { _ in true }
    ) -> TrainingReport {
        precondition(
            training.count > 0 && validation.count > 0, "there is nothing to learn from, or nothing to check with")
        var session = TrainingSession(self, model, training)
        let best = Model(copying: model)
        var bestLoss = Double.infinity
        var bestEpoch = 0
        var curve: [TrainingReport.Epoch] = []

        func report(_ end: TrainingReport.End) -> TrainingReport {
            model.parameters.copy(from: best.parameters)
            return TrainingReport(epochs: curve, bestEpoch: bestEpoch, end: end)
        }
        for number in 1...epochs {
            let summary = session.runEpoch(optimizer)
            let validationLoss = session.loss(on: validation)
            let epoch = TrainingReport.Epoch(
                number: number, trainingLoss: summary.loss, validationLoss: validationLoss,
                gradientNorm: summary.norm, learningRate: optimizer.learningRate, skippedBatches: summary.skipped)
            curve.append(epoch)
            if validationLoss < bestLoss - (bestEpoch > 0 ? minimumImprovement : 0) {
                bestLoss = validationLoss
                bestEpoch = number
                best.parameters.copy(from: model.parameters)
            }
            guard progress(epoch) else { return report(.cancelled) }
            guard validationLoss.isFinite else { return report(.diverged) }
            if let patience, number - bestEpoch >= patience { return report(.stoppedEarly) }
            optimizer.learningRate *= learningRateDecay
        }
        return report(.finished)
    }

    /// The objective's mean over all samples of a data set.
    public func loss(of model: Model, on dataset: Dataset) -> Double {
        TrainingSession(self, model, dataset).loss(on: dataset)
    }
}
