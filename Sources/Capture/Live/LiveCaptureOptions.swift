// What a live capture is asked to do.

/// How to capture on interfaces.
public struct LiveCaptureOptions: Sendable, Equatable {
    /// Interfaces by name.
    public var interfaces: [String] = []
    /// An expression of pcap-filter(7); nil for all packets. The kernel runs it.
    public var filter: String?
    /// Bytes of each packet that are kept.
    public var snapLength = CaptureLimits.frameLength
    /// Bytes of each interface's ring.
    public var ringBytes = 64 << 20
    /// Whether packets for other stations are wanted.
    public var isPromiscuous = true
    /// Reads that have to follow one with packets until everything made of them is written: they do not wait.
    public var flushReads = 6

    public init() {}

    /// Smallest and largest ring.
    public static let ringRange = (1 << 20)...(4 << 30)
}
