// The last layer of a network that values actions.

/// The dueling head (Wang et al., Dueling network architectures for deep reinforcement learning, ICML 2016): two streams
/// of layers over the same input, one for the value of the situation and one for the advantage of each action, joined as
/// `Q[a] = value + advantage[a] − mean(advantage)`.
///
/// Parameters are those of the streams, under `value` and `advantage`.
public struct DuelingHead: Layer {
    public let value: Sequential
    public let advantage: Sequential
    public let actions: Int

    private let valueParameterCount: Int
    private let advantageParameterCount: Int

    /// Two streams of the same input; `value` has one output, `advantage` one per action.
    public init(value: Sequential, advantage: Sequential) {
        precondition(value.inputCount == advantage.inputCount, "the streams differ in input")
        precondition(value.outputCount == 1, "the value of a situation is one number")
        self.value = value
        self.advantage = advantage
        actions = advantage.outputCount
        valueParameterCount = value.parameters.reduce(0) { $0 + $1.paddedCount }
        advantageParameterCount = advantage.parameters.reduce(0) { $0 + $1.paddedCount }
    }

    /// Streams of one dense layer each, or of two with `hidden` rectified units between them.
    public init(inputs: Int, hidden: Int? = nil, actions: Int) {
        func stream(_ outputs: Int) -> Sequential {
            guard let hidden else { return Sequential([Dense(inputs: inputs, outputs: outputs)]) }
            return Sequential([
                Dense(inputs: inputs, outputs: hidden), Activation(.rectifier, count: hidden),
                Dense(inputs: hidden, outputs: outputs),
            ])
        }
        self.init(value: stream(1), advantage: stream(actions))
    }

    public var inputCount: Int { value.inputCount }
    public var outputCount: Int { actions }

    public var parameters: [ParameterSpecification] {
        value.parameters.map { $0.prefixed("value") } + advantage.parameters.map { $0.prefixed("advantage") }
    }

    /// The streams' own, the value, its gradient, and the input's gradient by way of the value.
    public var workspaceCount: Int { value.workspaceCount + advantage.workspaceCount + 2 + inputCount }

    public func forward(_ pass: LayerPass) {
        let parts = Parts(self, pass)
        value.forward(parts.value)
        advantage.forward(parts.advantage)
        for sample in 0..<pass.batch {
            let output = pass.output.slice(sample * actions, actions)
            let shift = parts.value.output[sample] - DuelingHead.mean(output)
            output.updateVectors { $0 + shift }
        }
    }

    public func backward(
        _ pass: LayerPass, outputGradient: FloatView, inputGradient: FloatView?, parameterGradient: FloatView
    ) {
        let parts = Parts(self, pass)
        for sample in 0..<pass.batch {
            let gradient = outputGradient.slice(sample * actions, actions)
            let mean = DuelingHead.mean(gradient)
            parts.valueGradient[sample] = mean * Float(actions)
            gradient.updateVectors { $0 - mean }
        }
        value.backward(
            parts.value, outputGradient: parts.valueGradient,
            inputGradient: inputGradient == nil ? nil : parts.inputGradient,
            parameterGradient: parameterGradient.slice(0, valueParameterCount))
        advantage.backward(
            parts.advantage, outputGradient: outputGradient, inputGradient: inputGradient,
            parameterGradient: parameterGradient.slice(valueParameterCount, advantageParameterCount))
        inputGradient?.updateVectors(with: parts.inputGradient) { $0 + $1 }
    }

    private static func mean(_ values: FloatView) -> Float {
        var sum = FloatVector.zero
        values.forEachVector { offset, lanes in sum += values.load(offset, lanes) }
        return sum.horizontalSum / Float(values.count)
    }

    /// The memory of the two streams. The advantages are written where the output goes.
    private struct Parts {
        let value: LayerPass
        let advantage: LayerPass
        let valueGradient: FloatView
        let inputGradient: FloatView

        init(_ head: DuelingHead, _ pass: LayerPass) {
            let batch = pass.batch
            let valueCount = head.value.workspaceCount * batch
            let advantageCount = head.advantage.workspaceCount * batch
            let rest = valueCount + advantageCount
            value = LayerPass(
                batch: batch, parameters: pass.parameters.slice(0, head.valueParameterCount), input: pass.input,
                output: pass.workspace.slice(rest, batch), workspace: pass.workspace.slice(0, valueCount))
            advantage = LayerPass(
                batch: batch,
                parameters: pass.parameters.slice(head.valueParameterCount, head.advantageParameterCount),
                input: pass.input, output: pass.output, workspace: pass.workspace.slice(valueCount, advantageCount))
            valueGradient = pass.workspace.slice(rest + batch, batch)
            inputGradient = pass.workspace.slice(rest + 2 * batch, head.inputCount * batch)
        }
    }
}
