// Weights as other programs read them.

/// The contents of a safetensors file: named tensors of 32-bit floats and some text about them.
///
/// The format is that of the safetensors package, version 0.x: the header's length as eight bytes, little-endian; the
/// header, a JSON object of each tensor's `dtype`, `shape` and `data_offsets`, padded with spaces to a multiple of eight
/// bytes; the elements, little-endian, without gaps. Python opens it with `safetensors.numpy.load_file`.
public struct SafetensorsFile: Sendable, Equatable {
    /// One named tensor.
    public struct Tensor: Sendable, Equatable {
        public let name: String
        /// Sizes from the slowest to the fastest index; empty for a single number.
        public let shape: [Int]
        /// As many floats as the sizes multiplied.
        public let values: [Float]

        public init(name: String, shape: [Int], values: [Float]) {
            precondition(Tensor.elementCount(of: shape) == values.count, "the shape does not fit the values")
            self.name = name
            self.shape = shape
            self.values = values
        }

        /// The sizes multiplied; nil if one is negative or there is no such number.
        static func elementCount(of shape: [Int]) -> Int? {
            if shape.contains(where: { $0 < 0 }) { return nil }
            // A zero anywhere makes an empty tensor, however large the other sizes are.
            if shape.contains(0) { return 0 }
            var count = 1
            for size in shape {
                let (product, overflow) = count.multipliedReportingOverflow(by: size)
                if overflow { return nil }
                count = product
            }
            return count
        }
    }

    /// Tensors in the order of their bytes in the file; names are unique.
    public let tensors: [Tensor]

    /// Free text by name; written in the order of the names.
    public let metadata: [String: String]

    public init(tensors: [Tensor], metadata: [String: String] = [:]) {
        precondition(Set(tensors.map(\.name)).count == tensors.count, "two tensors have the same name")
        precondition(!tensors.contains { $0.name == SafetensorsFile.metadataKey }, "this name is not for tensors")
        self.tensors = tensors
        self.metadata = metadata
    }

    /// The tensor of the given name.
    public func tensor(named name: String) -> Tensor? {
        tensors.first { $0.name == name }
    }

    /// The header's key of the free text.
    static let metadataKey = "__metadata__"

    /// The longest header that is read; the format's own limit.
    static let headerLimit = 100_000_000
}
