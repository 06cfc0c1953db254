// A model's parameters as a weights file, and back.

extension Model {
    /// The parameters as tensors, with free text about them.
    public func weights(metadata: [String: String] = [:]) -> SafetensorsFile {
        SafetensorsFile(
            tensors: layout.entries.map { entry in
                SafetensorsFile.Tensor(
                    name: entry.specification.name, shape: entry.specification.shape,
                    values: parameters.values(in: entry.range))
            },
            metadata: metadata)
    }

    /// Takes all parameters from a weights file whose tensors have exactly this network's names and shapes. Leaves the
    /// model unchanged when it throws.
    public func load(_ weights: SafetensorsFile) throws(LearningError) {
        for tensor in weights.tensors {
            guard let entry = layout.entry(named: tensor.name) else {
                throw LearningError(.mismatchedModel, "the network has no tensor '\(tensor.name)'")
            }
            guard entry.specification.shape == tensor.shape else {
                throw LearningError(
                    .mismatchedModel,
                    "tensor '\(tensor.name)' has shape \(tensor.shape), the network's \(entry.specification.shape)")
            }
        }
        for entry in layout.entries where weights.tensor(named: entry.specification.name) == nil {
            throw LearningError(.mismatchedModel, "the weights lack tensor '\(entry.specification.name)'")
        }
        for tensor in weights.tensors {
            guard let entry = layout.entry(named: tensor.name) else { continue }
            parameters.copy(tensor.values, at: entry.offset)
        }
    }
}
