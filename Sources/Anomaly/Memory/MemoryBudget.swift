// How many entities the detector remembers.

/// Sizes of the detector's tables. The defaults hold 100,000 hosts within 256 MiB.
public struct MemoryBudget: Sendable, Equatable {
    public var hosts = 1 << 17
    public var links = 1 << 17
    public var tuples = 1 << 17
    public var services = 1 << 16
    public var servers = 1 << 17
    public var domains = 1 << 15
    public var flows = 1 << 16
    /// Things that were seen before, of every kind.
    public var known = 1 << 20
    /// Owners of past counts.
    public var histories = 1 << 17

    public init() {}
}
