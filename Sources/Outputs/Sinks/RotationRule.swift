// When a log file gives way to a new one.

/// When to begin a new file, and how many old ones stay.
public struct RotationRule: Sendable, Equatable {
    /// Bytes after which the file is complete; nil for no bound.
    public var size: Int?
    /// Seconds after which it is; nil for no bound.
    public var age: Int?
    /// Old files that are kept; nil keeps all.
    public var keep: Int?

    public init(size: Int? = nil, age: Int? = nil, keep: Int? = nil) {
        self.size = size
        self.age = age
        self.keep = keep
    }
}
