// What can go wrong with an encrypted connection.

/// Why a connection could not be made, or is gone.
public struct SecureStreamError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: Hashable, Sendable {
        /// A certificate or key cannot be read; waiting does not mend it.
        case credentials
        /// Nobody answers, or not in time.
        case unreachable
        /// The other end is not who it should be, or speaks no TLS.
        case untrusted
        /// The connection broke, or took no bytes in time.
        case broken
    }

    public let code: Code
    /// What happened, in words that fit into a sentence.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
