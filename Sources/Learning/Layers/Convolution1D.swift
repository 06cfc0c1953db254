// Convolution along one axis, such as time.

/// A one-dimensional convolution with channels last: `output[p, o] = bias[o] + Σ_k Σ_c weight[o, k, c] ·
/// input[p · stride + k − paddingBefore, c]`, where input outside of the sequence is zero.
///
/// Input positions × inputs, output `outputPositions` × outputs. Parameters: `weight` outputs × kernel × inputs (the last
/// two are exchanged in PyTorch), `bias` outputs. As channels lie next to each other, a window of the sequence is one run
/// of memory, and the convolution is a dense layer over overlapping rows.
public struct Convolution1D: Layer {
    public let positions: Int
    public let inputs: Int
    public let outputs: Int
    public let kernel: Int
    public let stride: Int
    public let paddingBefore: Int
    public let paddingAfter: Int
    public let initialization: Initialization

    /// Positions of the output.
    public let outputPositions: Int

    private let biasOffset: Int

    /// A convolution with given zeros before and after the sequence. Before `kernel − 1` and after 0 is causal: no output
    /// sees a later input.
    public init(
        positions: Int, inputs: Int, outputs: Int, kernel: Int, stride: Int = 1,
        paddingBefore: Int = 0, paddingAfter: Int = 0, initialization: Initialization = .heUniform
    ) {
        precondition(positions > 0 && inputs > 0 && outputs > 0 && kernel > 0 && stride > 0, "a size is not positive")
        precondition(paddingBefore >= 0 && paddingAfter >= 0, "padding cannot be negative")
        let padded = paddingBefore + positions + paddingAfter
        precondition(kernel <= padded, "the kernel is longer than the padded sequence")
        self.positions = positions
        self.inputs = inputs
        self.outputs = outputs
        self.kernel = kernel
        self.stride = stride
        self.paddingBefore = paddingBefore
        self.paddingAfter = paddingAfter
        self.initialization = initialization
        outputPositions = (padded - kernel) / stride + 1
        biasOffset = (outputs * kernel * inputs + 15) & ~15
    }

    public var inputCount: Int { positions * inputs }
    public var outputCount: Int { outputPositions * outputs }

    public var parameters: [ParameterSpecification] {
        [
            ParameterSpecification(name: "weight", shape: [outputs, kernel, inputs], initialization: initialization),
            ParameterSpecification(name: "bias", shape: [outputs], initialization: .constant(0)),
        ]
    }

    /// The padded sequence; for the backward pass its gradient too.
    public var workspaceCount: Int { isPadded ? 2 * paddedCount : 0 }

    private var isPadded: Bool { paddingBefore + paddingAfter > 0 }
    private var paddedCount: Int { (paddingBefore + positions + paddingAfter) * inputs }

    public func forward(_ pass: LayerPass) {
        for sample in 0..<pass.batch {
            output(pass.output, sample).assignAffine(
                input: windows(paddedInput(pass, sample)), weights: weights(of: pass.parameters),
                bias: pass.parameters.slice(biasOffset, outputs))
        }
    }

    public func backward(
        _ pass: LayerPass, outputGradient: FloatView, inputGradient: FloatView?, parameterGradient: FloatView
    ) {
        for sample in 0..<pass.batch {
            let gradient = output(outputGradient, sample)
            let padded =
                isPadded
                ? workspace(pass, sample).slice(0, paddedCount) : pass.input.slice(sample * inputCount, inputCount)
            weights(of: parameterGradient).addWeightGradient(outputGradient: gradient, input: windows(padded))
            gradient.addRowSums(to: parameterGradient.slice(biasOffset, outputs))
            guard let inputGradient else { continue }
            let target = inputGradient.slice(sample * inputCount, inputCount)
            let paddedGradient = isPadded ? workspace(pass, sample).slice(paddedCount, paddedCount) : target
            paddedGradient.fill(0)
            windows(paddedGradient).addInputGradient(outputGradient: gradient, weights: weights(of: pass.parameters))
            if isPadded { target.copy(from: paddedGradient.slice(paddingBefore * inputs, inputCount)) }
        }
    }

    private func weights(of parameters: FloatView) -> FloatMatrix {
        parameters.matrix(rows: outputs, columns: kernel * inputs)
    }

    private func output(_ view: FloatView, _ sample: Int) -> FloatMatrix {
        view.slice(sample * outputCount, outputCount).matrix(rows: outputPositions, columns: outputs)
    }

    /// One sample's windows as overlapping rows.
    private func windows(_ sequence: FloatView) -> FloatMatrix {
        sequence.matrix(rows: outputPositions, columns: kernel * inputs, stride: stride * inputs)
    }

    private func workspace(_ pass: LayerPass, _ sample: Int) -> FloatView {
        pass.workspace.slice(sample * workspaceCount, workspaceCount)
    }

    /// One sample with its padding, kept in the workspace for the backward pass.
    private func paddedInput(_ pass: LayerPass, _ sample: Int) -> FloatView {
        let input = pass.input.slice(sample * inputCount, inputCount)
        guard isPadded else { return input }
        let padded = workspace(pass, sample).slice(0, paddedCount)
        padded.slice(0, paddingBefore * inputs).fill(0)
        padded.slice(paddingBefore * inputs, inputCount).copy(from: input)
        padded.slice(paddingBefore * inputs + inputCount, paddingAfter * inputs).fill(0)
        return padded
    }
}
