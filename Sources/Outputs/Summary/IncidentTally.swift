// The incidents of a run, for its summary.

import NetTypes

/// Counts incidents as their alerts come and keeps the worst of them: what an operator looks at first.
public struct IncidentTally: Sendable {
    /// What the alerts of an incident said so far.
    struct Incident: Sendable {
        let id: UInt64
        let opened: Timestamp
        var last: Timestamp
        /// The alert of the highest level speaks for the incident, of several the one with the highest score: risk only
        /// grows from alert to alert.
        var signature: String
        var technique: (id: String, name: String)
        var level: AlertLevel
        var score: Double
        var risk: Int
        var source: IPAddress
        var target: IPAddress
        var alerts: Int
    }

    /// Most incidents that are kept; of more, those of the least risk go. All are counted.
    static let capacity = 256

    private var kept: [UInt64: Incident] = [:]
    /// Incidents that were opened.
    public private(set) var count = 0
    /// Alerts that were raised.
    public private(set) var alerts = 0

    public init() {}

    /// Takes note of an alert; in the order of the log.
    public mutating func note(_ alert: Alert) {
        alerts += 1
        if alert.stage == .opened { count += 1 }
        guard var incident = kept[alert.incident] else {
            add(alert)
            return
        }
        incident.last = alert.time
        incident.alerts = alert.alertCount
        incident.risk = max(incident.risk, alert.risk)
        if (alert.level, alert.score) > (incident.level, incident.score) {
            incident.signature = alert.signature
            incident.technique = alert.technique
            incident.level = alert.level
            incident.score = alert.score
            incident.source = alert.source
            incident.target = alert.target
        }
        kept[alert.incident] = incident
    }

    private mutating func add(_ alert: Alert) {
        if kept.count >= Self.capacity, let least = kept.values.min(by: Self.isLess) { kept[least.id] = nil }
        kept[alert.incident] = Incident(
            id: alert.incident, opened: alert.time, last: alert.time, signature: alert.signature,
            technique: alert.technique, level: alert.level, score: alert.score, risk: alert.risk,
            source: alert.source, target: alert.target, alerts: alert.alertCount)
    }

    /// The incidents of the highest risk, of equal ones the earlier first.
    func worst(_ rows: Int) -> [Incident] {
        Array(kept.values.sorted { Self.isLess($1, $0) }.prefix(rows))
    }

    private static func isLess(_ left: Incident, _ right: Incident) -> Bool {
        (left.risk, right.id) < (right.risk, left.id)
    }
}
