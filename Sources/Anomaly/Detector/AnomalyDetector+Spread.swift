// Hosts that do to others what was done to them: how worms spread.

import NetTypes

extension AnomalyDetector {
    /// Ticks after which having been reached explains nothing any more: half an hour.
    private static let incubation: UInt32 = 1800 * DetectorClock.ticksPerSecond
    /// Peers below which turning to several is nothing.
    private static let fewest = 3

    /// Notes that somebody reached a port of an inside host for the first time.
    func noteReached(_ keys: FlowKeys) {
        guard keys.serverIsInside, keys.port != FlowKeys.ephemeral else { return }
        let place = known.insert(reachedKey(keys.serverKey, keys), now).place
        known[place] = now
    }

    /// Counts the peers of a client on a port, if the client was reached on that port not long ago (compare Gu et al., Worm
    /// detection, early warning and response based on local victim information, ACSAC 2004: whoever is scanned on a port and
    /// then scans on it is a victim).
    ///
    /// - Parameter count: peers tried on the port within ten minutes.
    func noteSpread(_ keys: FlowKeys, _ service: Int, count: Int, isGuarded: Bool) {
        guard count >= Self.fewest, keys.clientIsInside, keys.port != FlowKeys.ephemeral,
            let reached = known.find(reachedKey(keys.clientKey, keys)), now &- known[reached] < Self.incubation
        else { return }
        let owner = KeyMixer.combine(keys.clientKey, 58 << 32 | keys.serviceCode)
        note(.spread, service: service, excess(.spread, count: count, owner: owner, isGuarded: isGuarded), Float(count))
    }

    @inline(__always)
    private func reachedKey(_ host: UInt64, _ keys: FlowKeys) -> UInt64 {
        KeyMixer.combine(host, 59 << 32 | keys.serviceCode)
    }
}
