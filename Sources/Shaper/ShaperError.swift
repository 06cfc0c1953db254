// What can go wrong when suites and trainings are asked for.

/// A request that cannot be met.
public struct ShaperError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// The suite judges a learned policy and was given none.
        case missingPolicy
    }

    public var code: Code
    public var message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
