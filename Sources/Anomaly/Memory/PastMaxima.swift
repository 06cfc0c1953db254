// What an entity has reached before: the yardstick for what it reaches now.

/// The largest counts an entity has reached, the last two to three minutes aside, of four features that are asked for
/// together.
///
/// Counts wait before they become part of the past, so that a burst is not measured against its own beginning, and so
/// that `discard` can take back what turned out to belong to an incident.
struct PastMaxima {
    /// Ticks of a waiting slot: one minute.
    private static let width: UInt32 = 60 * DetectorClock.ticksPerSecond

    private var settled = SIMD4<UInt16>()
    /// Counts of the current minute, of the one before it, and of the one before that.
    private var current = SIMD4<UInt16>()
    private var last = SIMD4<UInt16>()
    private var oldest = SIMD4<UInt16>()
    private var minute: UInt32 = 0

    /// Moves to the minute of `now`; what has waited long enough settles.
    @inline(__always)
    private mutating func advance(_ now: UInt32) {
        let present = now / Self.width
        guard present > minute else { return }
        for _ in 0..<min(present - minute, 3) {
            settled = pointwiseMax(settled, oldest)
            oldest = last
            last = current
            current = SIMD4()
        }
        minute = present
    }

    /// The settled maximum of a lane at `now`.
    @inline(__always)
    mutating func value(_ lane: Int, _ now: UInt32) -> Int {
        advance(now)
        return Int(settled[lane])
    }

    /// Notes a count reached at `now`.
    @inline(__always)
    mutating func note(_ count: Int, _ lane: Int, _ now: UInt32) {
        advance(now)
        current[lane] = max(current[lane], UInt16(clamping: count))
    }

    /// The settled maxima of all lanes at `now`; notes the counts reached, or takes back what waits.
    @inline(__always)
    mutating func turn(_ counts: SIMD4<UInt16>, _ now: UInt32, isGuarded: Bool) -> SIMD4<UInt16> {
        advance(now)
        if isGuarded {
            current = SIMD4()
            last = SIMD4()
            oldest = SIMD4()
        } else {
            current = pointwiseMax(current, counts)
        }
        return settled
    }

    /// Takes back everything of a lane that still waits.
    @inline(__always)
    mutating func discard(_ lane: Int) {
        current[lane] = 0
        last[lane] = 0
        oldest[lane] = 0
    }
}

extension Feature {
    /// The place that a feature's past shares with others that have the same owner, and its lane there.
    @inline(__always)
    var past: (group: Feature, lane: Int) {
        switch self {
        case .failedPortsOfPeer: (.portsOfPeer, 1)
        case .hostsOfServiceLong: (.hostsOfService, 1)
        case .failedHostsOfService: (.hostsOfService, 2)
        case .sessions: (.sessionsShort, 1)
        case .sessionsLong: (.sessionsShort, 2)
        case .newSources: (.sources, 1)
        case .starts: (.startsShort, 1)
        case .failuresAtHost: (.startsShort, 2)
        default: (self, 0)
        }
    }
}
