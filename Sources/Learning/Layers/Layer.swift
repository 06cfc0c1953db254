// What every layer of a network can do.

/// A differentiable function of a batch of samples, without state of its own.
///
/// A layer is a description: sizes and the names of its parameters. The floats, both parameters and intermediate
/// results, belong to somebody else and come with each call, so one description serves any number of models and threads.
/// A network calls a layer once per batch; the call through the protocol costs nothing beside the products inside.
public protocol Layer: Sendable {
    /// Floats of one input sample.
    var inputCount: Int { get }
    /// Floats of one output sample.
    var outputCount: Int { get }
    /// Parameters in the order in which they lie in memory; empty for a function without any.
    var parameters: [ParameterSpecification] { get }
    /// Floats of intermediate results that one sample needs between the forward pass and the end of the backward pass.
    var workspaceCount: Int { get }

    /// Computes the output of a batch. Allocates nothing.
    func forward(_ pass: LayerPass)

    /// Given the loss's gradient with respect to the output, adds that of the parameters to `parameterGradient` and
    /// writes that of the input to `inputGradient` unless it is nil. Follows `forward` with the same pass, once.
    ///
    /// May overwrite `outputGradient` and the workspace.
    func backward(_ pass: LayerPass, outputGradient: FloatView, inputGradient: FloatView?, parameterGradient: FloatView)
}

extension Layer {
    public var parameters: [ParameterSpecification] { [] }
    public var workspaceCount: Int { 0 }
}
