// Layers one after the other.

/// A chain of layers, itself a layer.
///
/// A layer's parameters are named after its place, as in PyTorch: `0.weight`, `0.bias`, `2.weight`. The workspace holds
/// what passes between the layers, what each layer keeps, and two gradients for the backward pass; every part is a
/// multiple of the batch, so that one allocation of the largest batch serves all smaller ones.
public struct Sequential: Layer {
    public let layers: [any Layer]
    public let inputCount: Int
    public let outputCount: Int
    public let parameters: [ParameterSpecification]
    public let workspaceCount: Int

    /// Where each layer's parameters begin, and how many they are.
    private let parameterRanges: [Range<Int>]
    /// Where each layer's output and workspace begin in the workspace of one sample; the last output is the caller's.
    private let outputOffsets: [Int]
    private let workspaceOffsets: [Int]
    /// Counts read through the protocol once only.
    private let outputCounts: [Int]
    private let workspaceCounts: [Int]
    private let gradientOffset: Int
    private let widest: Int

    /// A chain in which every layer takes as many floats as the one before it gives.
    public init(_ layers: [any Layer]) {
        precondition(!layers.isEmpty, "a chain needs a layer")
        for (before, after) in zip(layers, layers.dropFirst()) {
            precondition(
                before.outputCount == after.inputCount,
                "a layer of \(after.inputCount) inputs follows one of \(before.outputCount) outputs")
        }
        self.layers = layers
        inputCount = layers[0].inputCount
        outputCount = layers[layers.count - 1].outputCount
        outputCounts = layers.map(\.outputCount)
        workspaceCounts = layers.map(\.workspaceCount)

        var specifications: [ParameterSpecification] = []
        var ranges: [Range<Int>] = []
        var outputs: [Int] = []
        var workspaces: [Int] = []
        var parameterEnd = 0
        var end = 0
        for (index, layer) in layers.enumerated() {
            let own = layer.parameters
            specifications += own.map { $0.prefixed("\(index)") }
            let count = own.reduce(0) { $0 + $1.paddedCount }
            ranges.append(parameterEnd..<parameterEnd + count)
            parameterEnd += count
            outputs.append(end)
            end += index == layers.count - 1 ? 0 : (layer.outputCount + 15) & ~15
            workspaces.append(end)
            end += (layer.workspaceCount + 15) & ~15
        }
        parameters = specifications
        parameterRanges = ranges
        outputOffsets = outputs
        workspaceOffsets = workspaces
        gradientOffset = end
        widest = layers.dropLast().map { ($0.outputCount + 15) & ~15 }.max() ?? 0
        workspaceCount = end + 2 * widest
    }

    public func forward(_ pass: LayerPass) {
        var index = 0
        while index < layers.count {
            layers[index].forward(inner(pass, index))
            index &+= 1
        }
    }

    public func backward(
        _ pass: LayerPass, outputGradient: FloatView, inputGradient: FloatView?, parameterGradient: FloatView
    ) {
        var gradient = outputGradient
        var index = layers.count - 1
        while index >= 0 {
            let range = parameterRanges[index]
            // The two gradients take turns: a layer reads the one that the layer after it wrote.
            let place = (gradientOffset + (index & 1) * widest) * pass.batch
            let target =
                index == 0 ? inputGradient : pass.workspace.slice(place, outputCounts[index - 1] * pass.batch)
            layers[index].backward(
                inner(pass, index), outputGradient: gradient, inputGradient: target,
                parameterGradient: parameterGradient.slice(range.lowerBound, range.count))
            if let target { gradient = target }
            index &-= 1
        }
    }

    /// The memory of one layer of the chain.
    @inline(__always)
    private func inner(_ pass: LayerPass, _ index: Int) -> LayerPass {
        let range = parameterRanges[index]
        let isLast = index == layers.count - 1
        return LayerPass(
            batch: pass.batch,
            parameters: pass.parameters.slice(range.lowerBound, range.count),
            input: index == 0 ? pass.input : output(pass, index - 1),
            output: isLast ? pass.output : output(pass, index),
            workspace: pass.workspace.slice(workspaceOffsets[index] * pass.batch, workspaceCounts[index] * pass.batch))
    }

    @inline(__always)
    private func output(_ pass: LayerPass, _ index: Int) -> FloatView {
        pass.workspace.slice(outputOffsets[index] * pass.batch, outputCounts[index] * pass.batch)
    }
}
