// The one error of this module.

/// Why weights could not be read, or do not fit a model.
public struct LearningError: Error, Equatable, Sendable {
    /// What went wrong, for programs.
    public enum Code: String, Sendable {
        /// The file ends before what it announces.
        case truncated
        /// The file's header breaks the safetensors format.
        case malformedHeader
        /// A tensor's shape, element type or place in the file contradicts the rest.
        case inconsistentTensor
        /// The file is well formed, but a tensor's elements are not 32-bit floats.
        case unsupportedElementType
        /// The file's tensors are not those of the model: one is missing, unknown, or of another shape.
        case mismatchedModel
    }

    public let code: Code

    /// One sentence for a person, with the tensor's name where there is one.
    public let message: String

    /// The byte of the file where the fault was noticed; nil where no single byte is to blame.
    public let offset: Int?

    public init(_ code: Code, _ message: String, offset: Int? = nil) {
        self.code = code
        self.message = message
        self.offset = offset
    }
}

extension LearningError: CustomStringConvertible {
    public var description: String {
        guard let offset else { return message }
        return "byte \(offset): \(message)"
    }
}
