// The machine's clocks while packets are captured.

import Glibc

/// Notices when the clock of packet times jumps, and keeps packet time from falling back for long.
struct CaptureClock {
    /// Jumps below this mend themselves: packet time waits for the clock.
    private static let tolerance: Int64 = 2_000_000_000

    /// Nanoseconds that packet times are ahead of the machine's clock, after it was set back.
    private(set) var shift: Int64 = 0
    private var distance: Int64

    init() {
        distance = Self.realTime - Self.steadyTime
    }

    /// Nanoseconds since the epoch by the clock that stamps packets.
    static var realTime: Int64 { read(CLOCK_REALTIME) }

    /// Nanoseconds by a clock that nobody sets.
    static var steadyTime: Int64 { read(CLOCK_MONOTONIC) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var now = timespec()
        clock_gettime(clock, &now)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }

    /// Compares the clocks. Returns what to tell the operator after a jump.
    mutating func check() -> String? {
        check(distance: Self.realTime - Self.steadyTime)
    }

    /// - Parameter distance: how far the clock is ahead of the one that nobody sets.
    mutating func check(distance now: Int64) -> String? {
        let jump = now - distance
        distance = now
        guard abs(jump) >= Self.tolerance else { return nil }
        let seconds = abs(jump) / 1_000_000_000
        if jump > 0 {
            return "the clock jumped ahead by \(seconds) s: flows that are idle by the new time end now"
        }
        shift -= jump
        return "the clock jumped back by \(seconds) s: log times go on without a gap and stay ahead of the clock by "
            + "\(shift / 1_000_000_000) s until a restart"
    }
}
