// What a flow keeps for each of its two directions: one cache line.

/// Counters and running statistics of one direction of a flow. 64 bytes.
///
/// Sums of squares are kept instead of means, so that an update is a few additions: mean = sum / n,
/// variance = (squares - sum² / n) / n.
@frozen
public struct DirectionStatistics: Sendable {
    /// Time of the last packet, nanoseconds since the epoch; zero before the first.
    public var lastSeen: Int64 = 0
    public var packets: UInt32 = 0
    /// TCP segments that carry only bytes sent before; stays at its maximum.
    public var retransmissions: UInt16 = 0
    /// TCP segments that filled a hole; stays at its maximum.
    public var outOfOrder: UInt16 = 0
    /// Bytes on the wire, link header included.
    public var bytes: UInt64 = 0
    /// Transport payload bytes by the length fields of the headers.
    public var payloadBytes: UInt64 = 0
    /// Sum of the squared frame lengths.
    public var lengthSquares: UInt64 = 0
    /// Sum of the squared gaps between packets of this direction, ns².
    public var gapSquares: Double = 0
    /// Shortest and longest gap between packets of this direction; both zero before the second packet.
    public var gapMinimum = PackedGap(bits: 0)
    public var gapMaximum = PackedGap(bits: 0)
    /// Smallest and largest time to live (hop limit).
    public var timeToLiveMinimum: UInt8 = 0
    public var timeToLiveMaximum: UInt8 = 0
    /// All TCP flags seen.
    public var flags: TCPFlags = []
    /// Keeps the line full; always zero.
    public var reserved: UInt8 = 0
    /// Shortest and longest frame.
    public var lengthMinimum: UInt16 = 0
    public var lengthMaximum: UInt16 = 0
    /// Next expected TCP sequence number.
    public var nextSequence: UInt32 = 0

    @inlinable
    public init() {}
}

extension DirectionStatistics {
    /// Mean and standard deviation of the frame length in bytes; zeros without packets.
    public var length: (mean: Double, deviation: Double) {
        Self.moments(sum: Double(bytes), squares: Double(lengthSquares), count: Int(packets))
    }

    /// Mean and standard deviation of the gaps in ns, given the time of the direction's first packet.
    public func gaps(since first: Int64) -> (mean: Double, deviation: Double) {
        Self.moments(sum: Double(lastSeen - first), squares: gapSquares, count: Int(packets) - 1)
    }

    private static func moments(sum: Double, squares: Double, count: Int) -> (mean: Double, deviation: Double) {
        guard count > 0 else { return (0, 0) }
        let mean = sum / Double(count)
        return (mean, max(0, squares / Double(count) - mean * mean).squareRoot())
    }
}
