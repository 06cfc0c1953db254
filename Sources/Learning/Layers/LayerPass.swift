// What a layer is given for one batch.

/// The memory of one layer's work on one batch. Valid only during the call it is handed to.
public struct LayerPass {
    /// Number of samples.
    public let batch: Int
    /// The layer's parameters, laid out by `ParameterLayout`.
    public let parameters: FloatView
    /// The batch, batch × `inputCount` floats.
    public let input: FloatView
    /// The result, batch × `outputCount` floats.
    public let output: FloatView
    /// Intermediate results, batch × `workspaceCount` floats.
    public let workspace: FloatView

    public init(batch: Int, parameters: FloatView, input: FloatView, output: FloatView, workspace: FloatView) {
        self.batch = batch
        self.parameters = parameters
        self.input = input
        self.output = output
        self.workspace = workspace
    }
}
