// The fully connected layer.

/// `output = weight · input + bias`.
///
/// Parameters: `weight` outputs × inputs, `bias` outputs. With more than one position the same weights are applied to
/// each, for instance to every step of a sequence: input positions × inputs, output positions × outputs.
public struct Dense: Layer {
    public let inputs: Int
    public let outputs: Int
    public let positions: Int
    public let initialization: Initialization

    private let biasOffset: Int

    /// - Parameter initialization: the first weights; the bias starts at zero.
    public init(inputs: Int, outputs: Int, positions: Int = 1, initialization: Initialization = .heUniform) {
        precondition(inputs > 0 && outputs > 0 && positions > 0, "a dense layer needs inputs and outputs")
        self.inputs = inputs
        self.outputs = outputs
        self.positions = positions
        self.initialization = initialization
        biasOffset = (inputs * outputs + 15) & ~15
    }

    public var inputCount: Int { positions * inputs }
    public var outputCount: Int { positions * outputs }

    public var parameters: [ParameterSpecification] {
        [
            ParameterSpecification(name: "weight", shape: [outputs, inputs], initialization: initialization),
            ParameterSpecification(name: "bias", shape: [outputs], initialization: .constant(0)),
        ]
    }

    public func forward(_ pass: LayerPass) {
        let rows = pass.batch * positions
        pass.output.matrix(rows: rows, columns: outputs).assignAffine(
            input: pass.input.matrix(rows: rows, columns: inputs),
            weights: weights(of: pass.parameters),
            bias: pass.parameters.slice(biasOffset, outputs))
    }

    public func backward(
        _ pass: LayerPass, outputGradient: FloatView, inputGradient: FloatView?, parameterGradient: FloatView
    ) {
        let rows = pass.batch * positions
        let gradient = outputGradient.matrix(rows: rows, columns: outputs)
        weights(of: parameterGradient).addWeightGradient(
            outputGradient: gradient, input: pass.input.matrix(rows: rows, columns: inputs))
        gradient.addRowSums(to: parameterGradient.slice(biasOffset, outputs))
        if let inputGradient {
            inputGradient.fill(0)
            inputGradient.matrix(rows: rows, columns: inputs).addInputGradient(
                outputGradient: gradient, weights: weights(of: pass.parameters))
        }
    }

    private func weights(of parameters: FloatView) -> FloatMatrix {
        parameters.matrix(rows: outputs, columns: inputs)
    }
}
