// Samples to learn from.

/// Samples and their targets, in memory. Read-only after it is made, so that threads may share it.
public struct Dataset: Sendable {
    /// Number of samples.
    public let count: Int
    /// Floats of one sample.
    public let inputCount: Int
    /// Floats of one target.
    public let targetCount: Int

    let inputs: FloatBuffer
    let targets: FloatBuffer

    /// - Parameters:
    ///   - inputs: samples one after the other, `inputCount` floats each.
    ///   - targets: targets one after the other, `targetCount` floats each, as many as there are samples.
    public init(inputs: [Float], inputCount: Int, targets: [Float], targetCount: Int) {
        precondition(inputCount > 0 && targetCount > 0, "a sample needs floats")
        precondition(inputs.count % inputCount == 0, "the last sample is cut off")
        count = inputs.count / inputCount
        precondition(targets.count == count * targetCount, "there are not as many targets as samples")
        self.inputCount = inputCount
        self.targetCount = targetCount
        self.inputs = FloatBuffer(inputs)
        self.targets = FloatBuffer(targets)
    }

    /// Samples of classes numbered from 0; a target is 1 in its class's column and 0 elsewhere.
    public init(inputs: [Float], inputCount: Int, labels: [Int], classes: Int) {
        var targets = [Float](repeating: 0, count: labels.count * classes)
        for (sample, label) in labels.enumerated() {
            precondition(label >= 0 && label < classes, "a label is not a class")
            targets[sample * classes + label] = 1
        }
        self.init(inputs: inputs, inputCount: inputCount, targets: targets, targetCount: classes)
    }

    /// The samples of the given numbers, in that order.
    public func selecting(_ samples: [Int]) -> Dataset {
        Dataset(
            inputs: samples.flatMap { inputs.values(in: $0 * inputCount..<($0 + 1) * inputCount) },
            inputCount: inputCount,
            targets: samples.flatMap { targets.values(in: $0 * targetCount..<($0 + 1) * targetCount) },
            targetCount: targetCount)
    }

    /// The samples before `position` and those from it on. For series in time, where a random split would let the model
    /// see the future.
    public func split(at position: Int) -> (Dataset, Dataset) {
        (selecting(Array(0..<position)), selecting(Array(position..<count)))
    }

    /// Two random parts, the second with the given share of the samples.
    public func split(share: Double, random: inout RandomSource) -> (Dataset, Dataset) {
        precondition(share >= 0 && share <= 1, "a share is between 0 and 1")
        var order = Array(0..<count)
        random.shuffle(&order)
        let second = Int((Double(count) * share).rounded())
        return (selecting(Array(order.dropLast(second))), selecting(Array(order.suffix(second))))
    }

    /// The class of each sample: the column of its target's largest float.
    public var labels: [Int] {
        (0..<count).map { sample in
            targets.withView { $0.slice(sample * targetCount, targetCount).indexOfLargest }
        }
    }

    /// Copies samples and targets of the given numbers to the beginnings of two buffers.
    func gather(_ samples: ArraySlice<Int>, inputs batchInputs: FloatBuffer, targets batchTargets: FloatBuffer) {
        var row = 0
        for sample in samples {
            batchInputs.copy(from: inputs, at: sample * inputCount, to: row * inputCount, count: inputCount)
            batchTargets.copy(from: targets, at: sample * targetCount, to: row * targetCount, count: targetCount)
            row += 1
        }
    }
}

extension FloatView {
    /// The index of the largest float, the first of equal ones.
    var indexOfLargest: Int {
        var best = 0
        for index in 1..<max(count, 1) where self[index] > self[best] { best = index }
        return best
    }
}
