// Hosts that do to others what was done to them: how worms spread.

import NetTypes

extension AnomalyDetector {
    /// Ticks after which having been reached explains nothing any more: half an hour.
    private static let incubation: UInt32 = 1800 * DetectorClock.ticksPerSecond
    /// New peers below which turning to several is nothing.
    private static let fewest = 5

    /// Notes that somebody reached a port of an inside host for the first time.
    func noteReached(_ keys: FlowKeys) {
        guard keys.serverIsInside, keys.port != FlowKeys.ephemeral else { return }
        let place = known.insert(reachedKey(keys.serverKey, keys), now).place
        known[place] = now
    }

    /// Counts the peers that a client turns to for the first time on a port, if the client was reached on that port not long
    /// ago (compare Gu et al., Worm detection, early warning and response based on local victim information, ACSAC 2004:
    /// whoever is scanned on a port and then scans on it is a victim). Members of a cluster, who all turn to each other, soon know their peers.
    func noteSpread(_ keys: FlowKeys, _ service: Int, isGuarded: Bool) {
        guard keys.clientIsInside, keys.port != FlowKeys.ephemeral, !isWarmingUp else { return }
        let count = services[service].firsts.add(now, width: 1600)
        guard count >= Self.fewest, let reached = known.find(reachedKey(keys.clientKey, keys)),
            now &- known[reached] < Self.incubation
        else { return }
        let owner = KeyMixer.combine(keys.clientKey, 58 << 32 | keys.serviceCode)
        note(.spread, service: service, excess(.spread, count: count, owner: owner, isGuarded: isGuarded), Float(count))
    }

    @inline(__always)
    private func reachedKey(_ host: UInt64, _ keys: FlowKeys) -> UInt64 {
        KeyMixer.combine(host, 59 << 32 | keys.serviceCode)
    }
}
