// Gradient descent with momentum.

/// `velocity ← momentum · velocity + gradient`, `parameter ← parameter − rate · velocity` (Polyak, Some methods of
/// speeding up the convergence of iteration methods, USSR Comput. Math. 4, 1964).
public final class StochasticGradientDescent: Optimizer {
    public var learningRate: Float
    public let momentum: Float

    private let velocity: FloatBuffer

    /// - Parameter count: floats of the parameter vector.
    public init(count: Int, learningRate: Float, momentum: Float = 0.9) {
        precondition(learningRate > 0 && momentum >= 0 && momentum < 1, "a setting is out of range")
        self.learningRate = learningRate
        self.momentum = momentum
        velocity = FloatBuffer(count: count)
    }

    public func step(_ parameters: FloatBuffer, gradient: FloatBuffer) {
        precondition(
            parameters.count == velocity.count && gradient.count == velocity.count, "the vectors differ in size")
        let rate = learningRate
        let momentum = momentum
        velocity.withView { velocity in
            gradient.withView { velocity.updateVectors(with: $0) { $0 * momentum + $1 } }
            parameters.withView { $0.updateVectors(with: velocity) { $0 - $1 * rate } }
        }
    }
}
