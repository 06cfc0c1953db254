// The one clock of the appliance: packet time as integer nanoseconds.

/// A moment in packet time: nanoseconds since 1970-01-01T00:00:00Z.
///
/// Kept as an integer from the capture file to the log; every output format renders it in its own way.
@frozen
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Nanoseconds since the Unix epoch; negative before it.
    public var nanoseconds: Int64

    @inlinable
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// A moment given as whole seconds and a fraction in nanoseconds.
    @inlinable
    public init(seconds: Int64, nanoseconds: Int64 = 0) {
        self.nanoseconds = seconds &* 1_000_000_000 &+ nanoseconds
    }

    /// Whole seconds since the epoch, rounded towards the past.
    @inlinable
    public var seconds: Int64 {
        let quotient = nanoseconds / 1_000_000_000
        return nanoseconds % 1_000_000_000 < 0 ? quotient - 1 : quotient
    }

    /// The fraction of the second in nanoseconds, 0 to 999,999,999.
    @inlinable
    public var subsecond: Int64 {
        nanoseconds &- seconds &* 1_000_000_000
    }

    /// No packet seen yet.
    @inlinable
    public static var never: Timestamp { Timestamp(nanoseconds: .min) }

    @inlinable
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}
