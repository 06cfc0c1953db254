// Findings grouped into incidents: one for each host and spell of trouble.

import NetTypes

/// What a finding means for the incident it belongs to.
struct IncidentEntry {
    /// The incident, with the finding in it.
    let incident: Incident
    let isNew: Bool
    /// Whether an alert is due: the first one, one after the interval, or one that says something new.
    let isAlertDue: Bool

    var id: UInt64 { incident.id }
    var alerts: Int { Int(incident.alerts) }
    var risk: Int { incident.risk }
}

/// Keeps the open incidents. An incident is closed when nothing was added for the policy's gap.
struct IncidentBook {
    /// Most incidents that are open at a time and will be reported closed.
    private static let capacity = 4096

    private let open: KeyTable<Incident>
    /// Owners and identifiers of the open incidents, in the order they were opened.
    private var listed: [(owner: UInt64, id: UInt64)] = []
    /// Incidents that ended before a tick found them, because their host had another one.
    private var ended: [Incident] = []
    /// Incidents whose end will not be reported, for want of room.
    private(set) var shed = 0
    private let gap: UInt32
    private let interval: UInt32
    private var sequence: UInt64 = 0
    /// How much stronger than all before a finding must be to be told before the interval is over: as much as makes
    /// ordinary findings about five times rarer.
    private static let escalation: Float = 3
    /// Incidents that were opened.
    var opened: UInt64 { sequence }
    var threshold: IncidentThreshold

    init(policy: DetectionPolicy) {
        gap = UInt32(policy.incidentGap) * DetectorClock.ticksPerSecond
        interval = UInt32(policy.alertInterval) * DetectorClock.ticksPerSecond
        open = KeyTable(capacity: Self.capacity, initial: Incident(), lifetime: gap)
        threshold = IncidentThreshold(gap: gap, incidentsPerHour: policy.incidentsPerHour)
    }

    /// Adds a finding.
    mutating func add(_ finding: IncidentFinding, _ now: UInt32) -> IncidentEntry {
        var place = open.insert(finding.owner, now).place
        if !isOpen(open[place], now), let other = open.find(finding.peer), isOpen(open[other], now),
            open[other].pair == finding.pair
        {
            place = other
        }
        let isNew = !isOpen(open[place], now)
        if isNew {
            if open[place].id != 0 { end(open[place]) }
            sequence += 1
            open[place] = Incident()
            open[place].id = UInt64(bitPattern: finding.time.seconds) << 20 | sequence & 0xfffff
            open[place].opened = now
            open[place].pair = finding.pair
            list(finding.owner, open[place].id)
        }
        open[place].add(finding, now)
        let isFirst = open[place].told & 1 << finding.top == 0
        let isNews = isFirst || finding.score >= open[place].toldPeak + Self.escalation
        let isAlertDue = isNew || isNews || now &- open[place].lastAlert >= interval
        if isAlertDue {
            open[place].told |= 1 << finding.top
            open[place].toldPeak = max(open[place].toldPeak, finding.score)
            open[place].lastAlert = now
            open[place].alerts += 1
        }
        return IncidentEntry(incident: open[place], isNew: isNew, isAlertDue: isAlertDue)
    }

    private mutating func list(_ owner: UInt64, _ id: UInt64) {
        guard listed.count < Self.capacity else { return shed += 1 }
        listed.append((owner, id))
    }

    /// Takes an incident off the list whose owner has another one.
    private mutating func end(_ incident: Incident) {
        guard let index = listed.firstIndex(where: { $0.id == incident.id }) else { return }
        listed.remove(at: index)
        ended.append(incident)
    }

    /// Takes out the incidents that are over, in the order they were opened.
    mutating func takeClosed(_ now: UInt32) -> [Incident] {
        guard !listed.isEmpty || !ended.isEmpty else { return [] }
        var closed = ended
        ended.removeAll()
        var left: [(owner: UInt64, id: UInt64)] = []
        left.reserveCapacity(listed.count)
        for entry in listed {
            guard let place = open.find(entry.owner), open[place].id == entry.id else {
                // It had to make room for others.
                shed += 1
                continue
            }
            if isOpen(open[place], now) { left.append(entry) } else { closed.append(open[place]) }
        }
        listed = left
        return closed
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
        var owners = listed.map(\.owner)
        var identifiers = listed.map(\.id)
        archive.exchange(&owners, atMost: Self.capacity)
        archive.exchange(&identifiers, atMost: Self.capacity)
        archive.exchange(&ended, atMost: Self.capacity)
        archive.exchange(&shed)
        if owners.count == identifiers.count {
            listed = owners.indices.map { (owners[$0], identifiers[$0]) }
        } else {
            archive.refuse()
        }
        threshold.exchange(archive)
    }
}
