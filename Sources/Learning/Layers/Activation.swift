// Functions of one float at a time.

/// Applies one function to every float of a sample.
public struct Activation: Layer {
    /// The functions there are.
    public enum Function: Sendable {
        /// max(0, x) (Nair and Hinton, Rectified linear units improve restricted Boltzmann machines, ICML 2010).
        case rectifier
        /// 1 / (1 + e^−x).
        case sigmoid
        /// The hyperbolic tangent.
        case tanh
    }

    public let function: Function
    public let count: Int

    /// A function of `count` floats.
    public init(_ function: Function, count: Int) {
        precondition(count > 0, "an activation needs inputs")
        self.function = function
        self.count = count
    }

    public var inputCount: Int { count }
    public var outputCount: Int { count }

    public func forward(_ pass: LayerPass) {
        let output = pass.output
        switch function {
        case .rectifier:
            // What is not a number stays visible: the comparison is false for it.
            output.updateVectors(with: pass.input) { _, x in x.replacing(with: 0, where: x .< 0) }
        case .sigmoid:
            output.updateVectors(with: pass.input) { _, x in PortableMath.sigmoid(x) }
        case .tanh:
            output.updateVectors(with: pass.input) { _, x in PortableMath.tanh(x) }
        }
    }

    public func backward(
        _ pass: LayerPass, outputGradient: FloatView, inputGradient: FloatView?, parameterGradient: FloatView
    ) {
        guard let inputGradient else { return }
        inputGradient.copy(from: outputGradient)
        switch function {
        case .rectifier:
            inputGradient.updateVectors(with: pass.output) { gradient, y in gradient.replacing(with: 0, where: y .== 0)
            }
        case .sigmoid:
            inputGradient.updateVectors(with: pass.output) { gradient, y in gradient * (y * (1 - y)) }
        case .tanh:
            inputGradient.updateVectors(with: pass.output) { gradient, y in gradient * (1 - y * y) }
        }
    }
}
