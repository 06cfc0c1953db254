// Lines about incidents: opened, updated, closed.

import NetTypes

extension SupplementRenderer {
    /// Appends the line of an incident, in front of the line of the event at which it stood so.
    public func render(_ incident: IncidentRecord, into json: inout JSONWriter) {
        begin("incident", at: incident.time, into: &json)
        json.member("incident_id", incident: incident.id)
        json.member("state", Self.name(incident.state))
        json.member("entity_ip", incident.entity)
        json.member("role", incident.isVictim ? "victim" : "attacker")
        json.member("attacker_ip", incident.attacker)
        json.member("victim_ip", incident.victim)
        json.member("first", incident.first)
        json.member("last", incident.last)
        json.member("alerts", incident.alerts)
        json.member("findings", incident.findings)
        json.member("risk", incident.risk)
        json.member("score", millionths: EVERenderer.millionths(incident.score))
        json.beginArray("stages")
        for stage in incident.stages {
            json.beginObject()
            json.member("signature", "LEPTON " + stage.signature)
            json.member("mitre_tactic_id", stage.tacticID)
            json.member("mitre_tactic_name", stage.tacticName)
            json.member("mitre_technique_id", stage.techniqueID)
            json.endObject()
        }
        json.endArray()
        json.endLine()
    }

    private static func name(_ state: IncidentRecord.State) -> StaticString {
        switch state {
        case .opened: "opened"
        case .updated: "updated"
        case .closed: "closed"
        }
    }
}
