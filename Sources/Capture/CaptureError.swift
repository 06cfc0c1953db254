// Why a capture could not be opened.

/// A capture that cannot be read at all. Faults found later are `CaptureDamage`, not errors.
public struct CaptureError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure.
    public enum Code: Hashable, Sendable {
        case notFound
        case directory
        case unreadable
        case empty
        /// The first bytes are none of a format that can be read.
        case notACapture
        /// The file ends within its file header.
        case cutHeader
        case unsupportedVersion
        case unsupportedLinkType
        case badFilter
        /// The arguments contradict each other, for example standard input named twice.
        case badArguments
    }

    public let code: Code
    /// The file as the user named it, "-" for standard input; empty when the error is not about a file.
    public let path: String
    /// One line that says what is wrong and what to do about it.
    public let message: String

    public init(code: Code, path: String, message: String) {
        self.code = code
        self.path = path
        self.message = message
    }

    /// An error about the file at `path`; the message begins with the file's name.
    init(_ code: Code, path: String, _ text: String) {
        self.init(code: code, path: path, message: "\(path == "-" ? "standard input" : path): \(text)")
    }

    public var description: String { message }
}
