// What is wrong with a configuration file, and where.

/// A mistake in a configuration file, in the words of its user.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file as the user named it.
    public let path: String
    /// Line of the mistake, from one; nil when it is the file as a whole.
    public let line: Int?
    /// What is wrong and what to do.
    public let message: String

    public init(path: String, line: Int?, message: String) {
        self.path = path
        self.line = line
        self.message = message
    }

    public var description: String {
        line.map { "\(path):\($0): \(message)" } ?? "\(path): \(message)"
    }
}
