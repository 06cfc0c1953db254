// Peers that are new and stay: what command and control looks like from outside.

import NetTypes

extension AnomalyDetector {
    /// Minutes beyond which staying says nothing more.
    private static let mostMinutes: UInt32 = 10

    /// Whether so little of the baseline has passed that being new means nothing: peers of this time are those that were there
    /// before anybody watched.
    var isWarmingUp: Bool { now < DetectorClock.origin + warmUp }

    /// Ticks of the first third of the baseline, or of the least that it takes when it finds its length itself.
    var warmUp: UInt32 {
        UInt32(min(Baseline.longest, policy.baseline ?? Baseline.shortest) / 3 * Double(DetectorClock.ticksPerSecond))
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
}
