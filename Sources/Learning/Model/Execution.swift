// The memory in which a network runs.

/// Input, output and intermediate results of one network for batches up to a given size, allocated once.
///
/// Write samples into `input`, call `forward`, read `output`; both hold one sample after the other. A pass allocates
/// nothing. A batch gives the same bits as its samples one by one. One thread at a time; each thread has its own.
public final class Execution {
    public let network: Sequential

    /// The largest batch.
    public let batchCapacity: Int

    /// Samples to compute: capacity × `network.inputCount`.
    public let input: FloatBuffer

    /// Results of the last `forward`: capacity × `network.outputCount`.
    public let output: FloatBuffer

    private let workspace: FloatBuffer
    private let parameterCount: Int

    public init(_ network: Sequential, batchCapacity: Int = 1) {
        precondition(batchCapacity > 0, "a batch needs a sample")
        self.network = network
        self.batchCapacity = batchCapacity
        input = FloatBuffer(count: batchCapacity * network.inputCount)
        output = FloatBuffer(count: batchCapacity * network.outputCount)
        workspace = FloatBuffer(count: batchCapacity * network.workspaceCount)
        parameterCount = ParameterLayout(network).count
    }

    /// Computes the output of the first `batch` samples with a model of this network.
    public func forward(_ model: Model, batch: Int = 1) {
        model.parameters.withView { network.forward(pass($0, batch)) }
    }

    /// Adds the gradient of the loss with respect to the parameters to `parameterGradient`, after `forward` of the same
    /// batch, once.
    ///
    /// - Parameters:
    ///   - outputGradient: the loss's gradient with respect to the output, laid out like it; overwritten.
    ///   - parameterGradient: as long as the model's parameters. Zero it first for the gradient of this batch alone.
    ///   - inputGradient: where to write the gradient with respect to the input, laid out like it; not computed if nil.
    public func backward(
        _ model: Model, batch: Int = 1, outputGradient: FloatBuffer, parameterGradient: FloatBuffer,
        inputGradient: FloatBuffer? = nil
    ) {
        precondition(parameterGradient.count == parameterCount, "the gradient is not of this network")
        model.parameters.withView { parameters in
            outputGradient.withView { outputGradient in
                parameterGradient.withView { parameterGradient in
                    let gradient = outputGradient.slice(0, batch * network.outputCount)
                    let pass = pass(parameters, batch)
                    guard let inputGradient else {
                        network.backward(
                            pass, outputGradient: gradient, inputGradient: nil, parameterGradient: parameterGradient)
                        return
                    }
                    inputGradient.withView {
                        network.backward(
                            pass, outputGradient: gradient, inputGradient: $0.slice(0, batch * network.inputCount),
                            parameterGradient: parameterGradient)
                    }
                }
            }
        }
    }

    private func pass(_ parameters: FloatView, _ batch: Int) -> LayerPass {
        precondition(batch > 0 && batch <= batchCapacity, "the batch is larger than the memory made for it")
        precondition(parameters.count == parameterCount, "the model is not of this network")
        return LayerPass(
            batch: batch,
            parameters: parameters,
            input: FloatView(base: input.base, count: batch * network.inputCount),
            output: FloatView(base: output.base, count: batch * network.outputCount),
            workspace: FloatView(base: workspace.base, count: batch * network.workspaceCount))
    }
}
