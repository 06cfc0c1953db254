// Queries that a resolver passes on for somebody else.

import NetTypes

extension AnomalyDetector {
    /// Ticks within which a resolver asks on: ten seconds.
    private static let relayTicks: UInt32 = 10 * DetectorClock.ticksPerSecond

    /// Whether a DNS message belongs to a query that an inside host passes on because another one asked it for the same
    /// domain just now. What such a query says is said of the host that asked first; said twice, it would accuse the
    /// resolver.
    ///
    /// - Parameter domain: key of the registered domain.
    func isRelayed(_ keys: FlowKeys, _ domain: UInt64) -> Bool {
        if keys.serverIsInside {
            let asked = known.insert(KeyMixer.combine(KeyMixer.combine(keys.serverKey, domain), 54), now).place
            known[asked] = now
        }
        guard keys.clientIsInside,
            let asked = known.find(KeyMixer.combine(KeyMixer.combine(keys.clientKey, domain), 54))
        else { return false }
        return now &- known[asked] < Self.relayTicks
    }
}
