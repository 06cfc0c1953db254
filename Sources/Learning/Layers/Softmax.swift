// Scores to probabilities.

/// `output[i] = e^input[i] / Σ_j e^input[j]`, with the largest input subtracted first so that nothing overflows.
///
/// For training a classifier use the cross-entropy loss on the scores themselves, which includes this function.
public struct Softmax: Layer {
    public let count: Int

    /// A distribution over `count` outcomes.
    public init(count: Int) {
        precondition(count > 0, "a distribution needs outcomes")
        self.count = count
    }

    public var inputCount: Int { count }
    public var outputCount: Int { count }

    public func forward(_ pass: LayerPass) {
        for sample in 0..<pass.batch {
            Softmax.assign(
                pass.output.slice(sample * count, count), scores: pass.input.slice(sample * count, count))
        }
    }

    public func backward(
        _ pass: LayerPass, outputGradient: FloatView, inputGradient: FloatView?, parameterGradient: FloatView
    ) {
        guard let inputGradient else { return }
        for sample in 0..<pass.batch {
            let output = pass.output.slice(sample * count, count)
            let gradient = outputGradient.slice(sample * count, count)
            var products = FloatVector.zero
            output.forEachVector { offset, lanes in
                products += output.load(offset, lanes) * gradient.load(offset, lanes)
            }
            let mean = products.horizontalSum
            let target = inputGradient.slice(sample * count, count)
            output.forEachVector { offset, lanes in
                target.store(output.load(offset, lanes) * (gradient.load(offset, lanes) - mean), offset, lanes)
            }
        }
    }

    /// Writes the probabilities that belong to `scores`; returns the logarithm of the sum of e^score.
    @discardableResult
    static func assign(_ probabilities: FloatView, scores: FloatView) -> Float {
        var largest = -Float.infinity
        for index in 0..<scores.count { largest = max(largest, scores[index]) }
        var sums = FloatVector.zero
        scores.forEachVector { offset, lanes in
            let exponentials = PortableMath.exp(scores.load(offset, lanes) - largest)
            probabilities.store(exponentials, offset, lanes)
            // The lanes past the end of the last vector were padding.
            sums += lanes == 8 ? exponentials : probabilities.load(offset, lanes)
        }
        let sum = sums.horizontalSum
        probabilities.updateVectors { $0 / sum }
        return largest + PortableMath.log(sum)
    }
}
