// One parameter tensor of a layer.

/// The name, shape and first values of a parameter tensor.
public struct ParameterSpecification: Sendable, Equatable {
    /// Unique within its layer; also the tensor's name in a weights file.
    public let name: String
    /// Sizes from the slowest to the fastest index.
    public let shape: [Int]
    /// How the first values are drawn.
    public let initialization: Initialization

    /// Number of floats.
    public var count: Int { shape.reduce(1, *) }

    /// Number of floats in memory, a whole number of cache lines. The rest stays zero.
    public var paddedCount: Int { (count + 15) & ~15 }

    public init(name: String, shape: [Int], initialization: Initialization) {
        self.name = name
        self.shape = shape
        self.initialization = initialization
    }

    /// The same tensor inside a larger network.
    func prefixed(_ prefix: String) -> ParameterSpecification {
        ParameterSpecification(name: "\(prefix).\(name)", shape: shape, initialization: initialization)
    }
}
