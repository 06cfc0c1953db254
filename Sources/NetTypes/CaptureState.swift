// What a live capture knows about itself.

/// What the kernel counted for a live capture since its start.
public struct CaptureCounters: Sendable, Equatable {
    /// Packets that passed the filter on all interfaces, those included that were dropped.
    public var packets: UInt64 = 0
    /// Packets that passed the filter but found no room in the ring, because reading was behind.
    public var drops: UInt64 = 0
    /// Times that an interface went down or away.
    public var interfaceDowns: UInt64 = 0

    public init() {}
}

/// The state of a live capture.
public struct CaptureState: Sendable, Equatable {
    public var counters: CaptureCounters
    /// Eighths of the fullest ring that wait to be read, 0 to 8. The kernel drops packets when nothing is left.
    public var backlog: Int
    /// Interfaces that are down or gone.
    public var interfacesAway: Int

    public init(counters: CaptureCounters, backlog: Int, interfacesAway: Int = 0) {
        self.counters = counters
        self.backlog = backlog
        self.interfacesAway = interfacesAway
    }
}
