// A trained policy as a weights file, and back.

import Learning

extension DeepQPolicy {
    private static let meanName = "features.mean"
    private static let deviationName = "features.deviation"
    private static let choicesKey = "choices"

    /// Network and feature range as a safetensors file.
    ///
    /// - Parameter metadata: How it was trained; the names of the choices are added.
    public func weights(metadata: [String: String] = [:]) -> SafetensorsFile {
        var metadata = metadata
        metadata[DeepQPolicy.choicesKey] = DeepQPolicy.choiceNames
        let network = model.weights()
        let shape = [range.mean.count]
        return SafetensorsFile(
            tensors: network.tensors + [
                SafetensorsFile.Tensor(name: DeepQPolicy.meanName, shape: shape, values: range.mean),
                SafetensorsFile.Tensor(name: DeepQPolicy.deviationName, shape: shape, values: range.deviation),
            ], metadata: metadata)
    }

    /// Reads a policy for a site with so many paths.
    ///
    /// - Throws: `mismatchedModel` if the file is for other paths, other choices or another network.
    public convenience init(weights file: SafetensorsFile, paths: Int) throws(LearningError) {
        guard file.metadata[DeepQPolicy.choicesKey] == DeepQPolicy.choiceNames else {
            throw LearningError(.mismatchedModel, "the policy was trained for other choices")
        }
        let count = SiteFeatures.count(paths: paths)
        guard let mean = file.tensor(named: DeepQPolicy.meanName),
            let deviation = file.tensor(named: DeepQPolicy.deviationName),
            mean.shape == [count], deviation.shape == [count]
        else { throw LearningError(.mismatchedModel, "the policy was trained for another number of paths") }
        let model = Model(DeepQPolicy.network(paths: paths), seed: 0)
        let ranges = [DeepQPolicy.meanName, DeepQPolicy.deviationName]
        try model.load(SafetensorsFile(tensors: file.tensors.filter { !ranges.contains($0.name) }))
        self.init(model: model, range: FeatureRange(mean: mean.values, deviation: deviation.values))
    }

    private static var choiceNames: String {
        ControlAction.learnable.map(\.name).joined(separator: ";")
    }
}
