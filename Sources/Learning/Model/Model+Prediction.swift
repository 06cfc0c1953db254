// A model applied to many samples at once.

extension Model {
    /// The outputs for all samples of a data set, one after the other, `network.outputCount` floats each.
    public func predictions(for dataset: Dataset, batchSize: Int = 64) -> [Float] {
        precondition(dataset.inputCount == network.inputCount, "the samples do not fit the network")
        let execution = Execution(network, batchCapacity: batchSize)
        var outputs: [Float] = []
        outputs.reserveCapacity(dataset.count * network.outputCount)
        var start = 0
        while start < dataset.count {
            let size = min(batchSize, dataset.count - start)
            execution.input.copy(
                from: dataset.inputs, at: start * dataset.inputCount, to: 0, count: size * dataset.inputCount)
            execution.forward(self, batch: size)
            outputs += execution.output.values(in: 0..<size * network.outputCount)
            start += size
        }
        return outputs
    }

    /// The classes a classifier gives to all samples of a data set, against those of the targets.
    public func confusion(on dataset: Dataset) -> ConfusionMatrix {
        let outputs = FloatBuffer(predictions(for: dataset))
        let width = network.outputCount
        let predicted = outputs.withView { view in
            (0..<dataset.count).map { view.slice($0 * width, width).indexOfLargest }
        }
        return ConfusionMatrix(truth: dataset.labels, predicted: predicted, classes: width)
    }
}
