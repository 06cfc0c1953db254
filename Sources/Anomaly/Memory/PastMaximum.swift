// What an entity has reached before: the yardstick for what it reaches now.

import Learning

/// The largest count an entity has reached, the last two to three minutes aside.
///
/// Counts wait before they become part of the past, so that a burst is not measured against its own beginning, and so
/// that `discard` can take back what turned out to belong to an incident.
struct PastMaximum {
    /// Ticks of a waiting slot: one minute.
    private static let width: UInt32 = 60 * DetectorClock.ticksPerSecond

    private var settled: UInt16 = 0
    private var waiting: InlineArray<3, UInt16> = .init(repeating: 0)
    private var minute: UInt32 = 0

    /// Moves to the minute of `now`; what has waited long enough settles.
    @inline(__always)
    mutating func advance(_ now: UInt32) {
        let current = now / Self.width
        guard current > minute else { return }
        let steps = min(current - minute, 3)
        for _ in 0..<steps {
            settled = max(settled, waiting[2])
            waiting[2] = waiting[1]
            waiting[1] = waiting[0]
            waiting[0] = 0
        }
        minute = current
    }

    /// The settled maximum at `now`.
    @inline(__always)
    mutating func value(_ now: UInt32) -> Int {
        advance(now)
        return Int(settled)
    }

    /// Notes a count reached at `now`.
    @inline(__always)
    mutating func note(_ count: Int, _ now: UInt32) {
        advance(now)
        waiting[0] = max(waiting[0], UInt16(clamping: count))
    }

    /// Takes back everything that still waits.
    @inline(__always)
    mutating func discard() {
        waiting = .init(repeating: 0)
    }

    /// Natural logarithm of a settled maximum, zero for none: what is subtracted from a count's logarithm.
    @inline(__always)
    static func level(_ maximum: Int) -> Float { CountLogarithm.of(maximum) }
}
