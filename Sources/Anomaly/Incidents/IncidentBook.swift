// Findings grouped into incidents: one for each host and spell of trouble.

import Learning

/// What a finding means for the incident it belongs to.
struct IncidentEntry {
    let id: UInt64
    let isNew: Bool
    /// Whether an alert is due: the first one, or one after the interval.
    let isAlertDue: Bool
    let alerts: Int
    let risk: Int
}

/// An incident's state.
struct Incident {
    var id: UInt64 = 0
    var opened: UInt32 = 0
    var lastEvidence: UInt32 = 0
    var lastAlert: UInt32 = 0
    var alerts: UInt32 = 0
    /// The pair it began with: its other side joins instead of opening an incident of its own.
    var pair: UInt64 = 0
    /// Highest score, and a bit for each family that took part.
    var peak: Float = 0
    var families: UInt32 = 0
}

/// Keeps the open incidents. An incident is closed when nothing was added for the policy's gap.
struct IncidentBook {
    private let open: KeyTable<Incident>
    private let gap: UInt32
    private let interval: UInt32
    private var sequence: UInt64 = 0
    /// Incidents that were opened.
    var opened: UInt64 { sequence }
    var threshold: IncidentThreshold

    init(policy: DetectionPolicy) {
        gap = UInt32(policy.incidentGap) * DetectorClock.ticksPerSecond
        interval = UInt32(policy.alertInterval) * DetectorClock.ticksPerSecond
        open = KeyTable(capacity: 4096, initial: Incident(), lifetime: gap)
        threshold = IncidentThreshold(gap: gap, incidentsPerHour: policy.incidentsPerHour)
    }

    /// Adds a finding.
    ///
    /// - Parameters:
    ///   - owner: the host it is about.
    ///   - peer: the other side.
    ///   - pair: key of both.
    ///   - second: packet time in whole seconds, for the identifier.
    mutating func add(
        owner: UInt64, peer: UInt64, pair: UInt64, score: Float, families: UInt32, _ now: UInt32, second: Int64
    ) -> IncidentEntry {
        var place = open.insert(owner, now).place
        if !isOpen(open[place], now), let other = open.find(peer), isOpen(open[other], now), open[other].pair == pair {
            place = other
        }
        let isNew = !isOpen(open[place], now)
        if isNew {
            sequence += 1
            open[place] = Incident()
            open[place].id = UInt64(bitPattern: second) << 20 | sequence & 0xfffff
            open[place].opened = now
            open[place].pair = pair
        }
        open[place].lastEvidence = now
        open[place].peak = max(open[place].peak, score)
        open[place].families |= families
        let isAlertDue = isNew || now &- open[place].lastAlert >= interval
        if isAlertDue {
            open[place].lastAlert = now
            open[place].alerts += 1
        }
        return IncidentEntry(
            id: open[place].id, isNew: isNew, isAlertDue: isAlertDue, alerts: Int(open[place].alerts),
            risk: Self.risk(open[place]))
    }

    /// Whether an incident of the given owner is open.
    func isOpen(_ owner: UInt64, _ now: UInt32) -> Bool {
        open.find(owner).map { isOpen(open[$0], now) } ?? false
    }

    private func isOpen(_ incident: Incident, _ now: UInt32) -> Bool {
        incident.id != 0 && now &- incident.lastEvidence <= gap
    }

    /// Saves the open incidents and the threshold, or takes them up.
    mutating func exchange(_ archive: ModelArchive) {
        open.exchange(archive)
        archive.exchange(&sequence)
        threshold.exchange(archive)
    }

    /// 0 to 100: the strength of the strongest finding, raised by every further kind of evidence.
    private static func risk(_ incident: Incident) -> Int {
        let strength = 1 - PortableMath.exp(Double(-incident.peak) / 8)
        let breadth = 1 - PortableMath.exp(-Double(incident.families.nonzeroBitCount) / 3)
        return min(100, Int((100 * (0.75 * strength + 0.25 * breadth)).rounded()))
    }
}
