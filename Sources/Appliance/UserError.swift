// Errors that the user can mend.

/// A mistake in the command or an unusable input: one line that says what, where and what to do.
public struct UserError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
