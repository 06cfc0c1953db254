// Peers that are new and stay: what command and control looks like from outside.

import NetTypes

extension AnomalyDetector {
    /// Minutes beyond which staying says nothing more.
    private static let mostMinutes: UInt32 = 10

    /// Whether so little of the baseline has passed that being new means nothing: peers of this time are those that were there
    /// before anybody watched.
    var isWarmingUp: Bool {
        let warm = Float(min(3600, policy.baseline) / 3)
        return DetectorClock.seconds(from: DetectorClock.origin, to: now) < warm
    }

    /// Notes that a link is in use. The novelty of its peer when it was new, times the logarithm of the minutes in which
    /// it was used since: a page is left soon, a controller is asked again and again.
    func noteStay(_ keys: FlowKeys, _ link: Int) {
        guard keys.clientIsInside, !keys.serverIsInside, !keys.isGroup, links[link].novelty > 0 else { return }
        let minute = now / (60 * DetectorClock.ticksPerSecond)
        guard minute != links[link].lastMinute else { return }
        links[link].lastMinute = minute
        links[link].minutes += 1
        let minutes = min(Self.mostMinutes, links[link].minutes)
        guard minutes > 1 else { return }
        note(
            .stayingPeer, link: link, links[link].novelty * CountLogarithm.of(Int(minutes)),
            Float(links[link].minutes))
    }

    /// Notes the start for the evenness of the gaps between connections to a new peer.
    func noteRegularity(_ tuple: Int, _ start: Timestamp, novelty: Float) {
        let milliseconds = UInt32(truncatingIfNeeded: start.nanoseconds / 1_000_000)
        let count = tuples[tuple].startCount
        tuples[tuple].starts[Int(count % 12)] = milliseconds
        tuples[tuple].startCount = count &+ 1
        let kept = Int(min(count &+ 1, 12))
        guard novelty > 0, kept > StartTimes.fewest else { return }
        var gaps = InlineArray<12, Float>(repeating: 0)
        for back in 0..<(kept - 1) {
            let later = tuples[tuple].starts[Int((count &- UInt32(back)) % 12)]
            let earlier = tuples[tuple].starts[Int((count &- UInt32(back) &- 1) % 12)]
            gaps[back] = Float(Int32(bitPattern: later &- earlier)) * 0.001
        }
        let regularity = StartTimes.regularity(&gaps, count: kept - 1)
        note(.sessionRegularity, tuple: tuple, regularity * novelty, regularity)
    }
}
