// Noting evidence where flows of the same pattern will find it.

extension AnomalyDetector {
    /// Seconds during which the novelties of a new host count less: every new device is new to everything.
    static let graceTicks: UInt32 = 300 * DetectorClock.ticksPerSecond
    private static let graceFactor: Float = 0.4

    /// Novelty of a thing for a host; zero when it was seen before.
    ///
    /// - Parameters:
    ///   - thing: key of the thing within its kind.
    ///   - host: whose rate of novelty counts.
    func novelty(_ feature: Feature, of thing: UInt64, for host: UInt64, grace: Bool) -> Float {
        let entry = known.insert(noveltyKey(feature, of: thing), now)
        known[entry.place] = now
        return novelty(feature, isNew: entry.isNew, for: host, grace: grace)
    }

    /// What a thing is known under.
    @inline(__always)
    func noveltyKey(_ feature: Feature, of thing: UInt64) -> UInt64 {
        KeyMixer.combine(thing, UInt64(feature.rawValue) + 1)
    }

    /// Novelty of a thing whose newness is known already.
    @inline(__always)
    func novelty(_ feature: Feature, isNew: Bool, for host: UInt64, grace: Bool) -> Float {
        let place = rates.insert(KeyMixer.combine(host, 101), now).place
        let value = rates[place].note(isNew: isNew, lanes[feature.rawValue], network: &networkRates)
        return grace ? value * Self.graceFactor : value
    }

    /// A count measured against the largest one its owner reached before, and noted as such.
    ///
    /// - Returns: ln c − 0.6 ln(past), positive when the count is unusual.
    @inline(__always)
    func excess(_ feature: Feature, count: Int, owner: UInt64, isGuarded: Bool, weight: Float = 0.6) -> Float {
        let level = pastLevel(feature, count: count, owner: owner, isGuarded: isGuarded)
        return CountLogarithm.of(count - 1 > 0 ? count : 1) - weight * level
    }

    /// The logarithm of the largest count reached before; notes the present one.
    @inline(__always)
    func pastLevel(_ feature: Feature, count: Int, owner: UInt64, isGuarded: Bool) -> Float {
        pastLevel(feature, count: count, at: past(feature, of: owner), isGuarded: isGuarded)
    }

    /// Where the past of an owner is remembered, for a feature and those it shares a place with (`Feature.past`).
    @inline(__always)
    func past(_ feature: Feature, of owner: UInt64) -> Int {
        pasts.insert(pastKey(feature, of: owner), now).place
    }

    @inline(__always)
    func pastKey(_ feature: Feature, of owner: UInt64) -> UInt64 {
        KeyMixer.combine(owner, UInt64(feature.past.group.rawValue) + 301)
    }

    /// The same for an owner whose place is known.
    @inline(__always)
    func pastLevel(_ feature: Feature, count: Int, at place: Int, isGuarded: Bool) -> Float {
        let lane = feature.past.lane
        let level = CountLogarithm.of(max(1, pasts[place].value(lane, now)))
        if isGuarded { pasts[place].discard(lane) } else { pasts[place].note(count, lane, now) }
        return level
    }

    @inline(__always)
    func note(_ feature: Feature, link place: Int, _ value: Float, _ observed: Float) {
        guard value > 0, enabled[feature.rawValue] else { return }
        let index = feature.rawValue
        links[place].evidence[index].note(value, observed: observed, now, fadings[feature.rawValue])
        links[place].noted |= 1 << UInt32(index)
    }

    @inline(__always)
    func note(_ feature: Feature, service place: Int, _ value: Float, _ observed: Float) {
        guard value > 0, enabled[feature.rawValue] else { return }
        let index = feature.rawValue - Feature.hostsOfService.rawValue
        services[place].evidence[index].note(value, observed: observed, now, fadings[feature.rawValue])
        services[place].noted |= 1 << UInt32(index)
    }

    @inline(__always)
    func note(_ feature: Feature, tuple place: Int, _ value: Float, _ observed: Float) {
        guard value > 0, enabled[feature.rawValue] else { return }
        let index = feature.rawValue - Feature.sessionsShort.rawValue
        tuples[place].evidence[index].note(value, observed: observed, now, fadings[feature.rawValue])
        tuples[place].noted |= 1 << UInt32(index)
    }

    @inline(__always)
    func note(_ feature: Feature, server place: Int, _ value: Float, _ observed: Float) {
        guard value > 0, enabled[feature.rawValue] else { return }
        let index = feature.rawValue - Feature.startsShort.rawValue
        servers[place].evidence[index].note(value, observed: observed, now, fadings[feature.rawValue])
        servers[place].noted |= 1 << UInt32(index)
    }

    @inline(__always)
    func note(_ feature: Feature, host: HostPlace, _ value: Float, _ observed: Float) {
        guard value > 0, enabled[feature.rawValue] else { return }
        let index = feature.rawValue - Feature.sources.rawValue
        host.table[host.place].evidence[index]
            .note(value, observed: observed, now, fadings[feature.rawValue])
        host.table[host.place].noted |= 1 << UInt32(index)
    }

    @inline(__always)
    func note(_ feature: Feature, domain place: Int, _ value: Float, _ observed: Float) {
        guard value > 0, enabled[feature.rawValue] else { return }
        let index = feature.rawValue - Feature.dnsNames.rawValue
        domains[place].evidence[index].note(value, observed: observed, now, fadings[feature.rawValue])
        domains[place].noted |= 1 << UInt32(index)
    }

    /// Where a host is remembered.
    @inline(__always)
    func host(_ key: UInt64, isInside: Bool) -> HostPlace {
        let table = isInside ? hosts : outsiders
        let entry = table.insert(key, now)
        if entry.isNew { table[entry.place].firstSeen = now }
        return HostPlace(table: table, place: entry.place)
    }

    /// Whether nothing may be learned from a host now: an incident holds it, or did a short time ago.
    @inline(__always)
    func isGuarded(_ host: HostPlace) -> Bool {
        let last = host.table[host.place].lastIncident
        return last != 0 && now &- last < UInt32(policy.incidentGap) * DetectorClock.ticksPerSecond
    }

    /// Whether an inside host is so new that its novelties count less.
    @inline(__always)
    func isInGrace(_ host: HostPlace) -> Bool {
        let first = host.table[host.place].firstSeen
        return first > DetectorClock.origin + Self.graceTicks && now &- first < Self.graceTicks
    }
}

/// Names an entry of one of the host tables.
struct HostPlace {
    let table: KeyTable<HostMemory>
    let place: Int
}
