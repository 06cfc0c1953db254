// What is told of incidents beside their alerts.

import NetTypes

extension AnomalyDetector {
    /// Reports the incidents that are over.
    func closeIncidents() {
        for incident in incidents.takeClosed(now) { incidentRecords.append(record(of: incident, .closed)) }
    }

    /// An incident as it stands at the event at hand.
    func record(of incident: Incident, _ state: IncidentRecord.State) -> IncidentRecord {
        let families = FeatureFamily.allCases.filter { incident.families & 1 << UInt32($0.rawValue) != 0 }
        return IncidentRecord(
            id: incident.id, state: state, time: time, entity: incident.entity.address,
            isVictim: incident.isVictim != 0,
            attacker: incident.attacker.address, victim: incident.victim.address,
            first: Timestamp(nanoseconds: incident.first),
            last: Timestamp(nanoseconds: incident.last), alerts: Int(incident.alerts),
            findings: Int(incident.findings), risk: incident.risk, score: Double(incident.peak),
            stages: families.map { family in
                let rule = policy[family]
                return IncidentRecord.Stage(
                    signature: rule.signature, tacticID: rule.tactic.id, tacticName: rule.tactic.name,
                    techniqueID: rule.technique.id)
            })
    }
}
