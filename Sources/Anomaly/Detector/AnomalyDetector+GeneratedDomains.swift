// Domains that a program makes up to find its controller: most of them do not exist.

import NetTypes

extension AnomalyDetector {
    /// Counts registered domains that do not exist, those most that look made up (domain generation algorithms).
    func noteMissingDomain(
        _ name: RegisteredDomain, _ domain: UInt64, _ keys: FlowKeys, _ place: Int, isGuarded: Bool
    ) {
        let seen = known.insert(KeyMixer.combine(domain, KeyMixer.combine(keys.clientKey, 49)), now)
        let client = services.insert(KeyMixer.combine(keys.clientKey, 50), now).place
        let last = seen.isNew ? 0 : known[seen.place]
        known[seen.place] = now
        let count = services[client].hostsLong.add(now, last: last, width: 1600)
        let level = pastLevel(
            .dnsMadeUpDomains, count: count, owner: KeyMixer.combine(keys.clientHistory, 51), isGuarded: isGuarded)
        let strangeness = min(1.5, labels.strangeness(name.label))
        note(
            .dnsMadeUpDomains, domain: place,
            (CountLogarithm.of(count) - 0.6 * level) * strangeness, Float(count))
    }
}
