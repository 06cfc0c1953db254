// Packet time as the detector keeps it.

import NetTypes

/// Converts packet time into ticks of 1/16 s since the run's first event, kept in 32 bits (8.5 years).
///
/// Ticks start at `origin` and not at zero, so that zero can mean "never" and a short time ago is always positive.
struct DetectorClock {
    static let ticksPerSecond: UInt32 = 16
    static let origin: UInt32 = 1 << 16

    private(set) var start: Timestamp?

    /// The tick of a moment; the first call sets the start.
    @inline(__always)
    mutating func tick(_ time: Timestamp) -> UInt32 {
        guard let start else {
            start = time
            return Self.origin
        }
        let passed = (time.nanoseconds &- start.nanoseconds) / 62_500_000
        return UInt32(truncatingIfNeeded: max(0, passed &+ Int64(Self.origin)))
    }

    /// Seconds from one tick to a later one.
    @inline(__always)
    static func seconds(from earlier: UInt32, to later: UInt32) -> Float {
        Float(Int32(bitPattern: later &- earlier)) * (1 / 16)
    }
}
