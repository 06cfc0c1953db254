// Where each tensor of a network lies in its parameter vector.

/// The places of a network's tensors in one contiguous vector.
///
/// Every tensor begins on a cache line; the floats between tensors are zero and stay zero. An optimiser, a copy and a
/// soft update can therefore treat the vector as a whole.
public struct ParameterLayout: Sendable, Equatable {
    /// One tensor and its place.
    public struct Entry: Sendable, Equatable {
        public let specification: ParameterSpecification
        /// Index of the tensor's first float in the vector.
        public let offset: Int

        /// The tensor's floats in the vector.
        public var range: Range<Int> { offset..<offset + specification.count }
    }

    public let entries: [Entry]

    /// Floats of the vector, those between tensors included.
    public let count: Int

    /// Floats that training can change.
    public var trainableCount: Int { entries.reduce(0) { $0 + $1.specification.count } }

    public init(_ layer: some Layer) {
        var entries: [Entry] = []
        var offset = 0
        for specification in layer.parameters {
            entries.append(Entry(specification: specification, offset: offset))
            offset += specification.paddedCount
        }
        self.entries = entries
        count = offset
    }

    /// The tensor of the given name.
    public func entry(named name: String) -> Entry? {
        entries.first { $0.specification.name == name }
    }
}
