// What went wrong while the network was changed.

/// What, where, and what to do, in one line.
public struct EnforcementError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
