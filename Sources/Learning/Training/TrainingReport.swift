// What training did, for people and for plots.

/// The learning curve of one training and how it ended.
public struct TrainingReport: Sendable, Equatable {
    /// One point of the learning curve.
    public struct Epoch: Sendable, Equatable {
        /// Counted from 1.
        public let number: Int
        /// The mean objective over the training batches, as they were met, augmentation included.
        public let trainingLoss: Double
        /// The objective on the validation samples after the epoch.
        public let validationLoss: Double
        /// The mean norm of the gradients before clipping.
        public let gradientNorm: Double
        public let learningRate: Float
        /// Batches left out because their gradient was not finite.
        public let skippedBatches: Int
    }

    /// Why training ended.
    public enum End: String, Sendable {
        /// All epochs were done.
        case finished
        /// The validation loss had not improved for as many epochs as the patience.
        case stoppedEarly
        /// The caller asked for it.
        case cancelled
        /// The validation loss was not finite.
        case diverged
    }

    public let epochs: [Epoch]

    /// The epoch whose parameters the model has now; 0 if no epoch was better than the start.
    public let bestEpoch: Int
    public let end: End

    /// The smallest validation loss, that of the model now; infinite if no epoch gave a finite one.
    public var bestValidationLoss: Double {
        bestEpoch > 0 ? epochs[bestEpoch - 1].validationLoss : .infinity
    }
}
