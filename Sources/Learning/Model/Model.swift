// A network with its parameters.

/// A network and one vector of parameters for it.
///
/// Any number of `Execution`s may read one model in parallel, as long as nothing writes its parameters at that time.
public final class Model: Sendable {
    public let network: Sequential
    public let layout: ParameterLayout
    public let parameters: FloatBuffer

    /// A network with its first parameters, drawn from `seed` tensor by tensor.
    public init(_ network: Sequential, seed: UInt64) {
        self.network = network
        layout = ParameterLayout(network)
        parameters = FloatBuffer(count: layout.count)
        var random = RandomSource(seed: seed)
        parameters.withView { view in
            for entry in layout.entries {
                let tensor = view.slice(entry.offset, entry.specification.count)
                entry.specification.initialization.fill(tensor, shape: entry.specification.shape, random: &random)
            }
        }
    }

    /// A model of its own with the same parameters, such as a target network.
    public init(copying other: Model) {
        network = other.network
        layout = other.layout
        parameters = FloatBuffer(count: layout.count)
        parameters.copy(from: other.parameters)
    }
}
