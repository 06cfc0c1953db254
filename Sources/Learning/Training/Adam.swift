// Steps scaled by each parameter's own gradient history.

/// Adam (Kingma and Ba, Adam: a method for stochastic optimization, ICLR 2015), with weight decay apart from the gradient
/// (Loshchilov and Hutter, Decoupled weight decay regularization, ICLR 2019).
public final class Adam: Optimizer {
    public var learningRate: Float
    public let firstDecay: Float
    public let secondDecay: Float
    public let epsilon: Float
    /// Share of a parameter that is taken away per step, as a multiple of the learning rate.
    public let weightDecay: Float

    private let mean: FloatBuffer
    private let square: FloatBuffer
    /// Powers of the decays: how much of the zero start is still in the running means.
    public var powers = (first: 1.0, second: 1.0)

    /// - Parameters:
    ///   - count: floats of the parameter vector.
    ///   - firstDecay: β₁, the decay of the running mean of gradients per step.
    ///   - secondDecay: β₂, the decay of the running mean of their squares per step.
    ///   - epsilon: added to the root of the mean square, so that no step is a division by zero.
    public init(
        count: Int, learningRate: Float = 0.001, firstDecay: Float = 0.9, secondDecay: Float = 0.999,
        epsilon: Float = 1e-8, weightDecay: Float = 0
    ) {
        precondition(learningRate > 0 && epsilon > 0 && weightDecay >= 0, "a setting is out of range")
        precondition((0..<1).contains(firstDecay) && (0..<1).contains(secondDecay), "a decay is out of range")
        self.learningRate = learningRate
        self.firstDecay = firstDecay
        self.secondDecay = secondDecay
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        mean = FloatBuffer(count: count)
        square = FloatBuffer(count: count)
    }

    /// The running means, for saving: with `powers` and the settings, they are all that it remembers.
    public var state: [FloatBuffer] { [mean, square] }

    public func step(_ parameters: FloatBuffer, gradient: FloatBuffer) {
        precondition(parameters.count == mean.count && gradient.count == mean.count, "the vectors differ in size")
        powers.first *= Double(firstDecay)
        powers.second *= Double(secondDecay)
        let rate = Float(Double(learningRate) / (1 - powers.first))
        let squareScale = Float(1 / (1 - powers.second).squareRoot())
        let kept = 1 - learningRate * weightDecay
        let (first, second, epsilon) = (firstDecay, secondDecay, epsilon)
        mean.withView { mean in
            square.withView { square in
                gradient.withView { gradient in
                    mean.updateVectors(with: gradient) { $0 * first + $1 * (1 - first) }
                    square.updateVectors(with: gradient) { $0 * second + $1 * $1 * (1 - second) }
                }
                parameters.withView { parameters in
                    parameters.forEachVector { offset, lanes in
                        let root = square.load(offset, lanes).squareRoot() * squareScale
                        let change = mean.load(offset, lanes) * rate / (root + epsilon)
                        parameters.store(parameters.load(offset, lanes) * kept - change, offset, lanes)
                    }
                }
            }
        }
    }
}
