// ECS documents of alerts.

import NetTypes

extension ECSRenderer {
    func render(_ alert: Alert, tunnel: Tunnel?, into json: inout JSONWriter) {
        begin(at: alert.time, into: &json)
        json.member("message", alert.signature)
        beginEvent("alert", "alert", type: "info", isDetection: true, into: &json)
        json.member("severity", alert.severity)
        json.member("risk_score", alert.risk)
        json.member("risk_score_norm", alert.risk)
        if let flow = alert.flow { json.member("start", zulu: flow.start) }
        json.endObject()
        let hasPorts = EVERenderer.hasPorts(alert.transport)
        write(alert.source, hasPorts ? alert.sourcePort : nil, as: "source", into: &json)
        json.endObject()
        write(alert.target, hasPorts ? alert.targetPort : nil, as: "destination", into: &json)
        json.endObject()
        var key = alert.flow?.key ?? FlowKey()
        if alert.flow == nil {
            key.transport = alert.transport
            key.shape = alert.source.isIPv6 ? 0x80 : 0
        }
        beginNetwork(key, from: alert.source, to: alert.target, into: &json)
        if let flow = alert.flow {
            if flow.identity.application.isNamed { json.member("protocol", flow.identity.application.name) }
            json.member(communityID: json.digest(of: flow, communityID))
        }
        json.endObject()
        writeRule(of: alert, into: &json)
        writeThreat(of: alert, into: &json)
        writeRelated([alert.source, alert.target], into: &json)
        writeEvidence(of: alert, into: &json)
        end(into: &json)
    }

    private func writeRule(of alert: Alert, into json: inout JSONWriter) {
        json.beginObject("rule")
        json.member("id", "\(alert.signatureID)")
        json.member("name", alert.signature)
        json.member("category", alert.category)
        json.member("ruleset", ProductName.product)
        if let reference = alert.references.first { json.member("reference", reference) }
        json.endObject()
    }

    /// A technique such as T1595.001 is a part of T1595.
    private func writeThreat(of alert: Alert, into json: inout JSONWriter) {
        json.beginObject("threat")
        json.member("framework", "MITRE ATT&CK")
        json.beginObject("tactic")
        write("id", alert.tactic.id, into: &json)
        write("name", alert.tactic.name.spaced, into: &json)
        json.endObject()
        json.beginObject("technique")
        let parts = alert.technique.id.split(separator: ".")
        write("id", String(parts.first ?? ""), into: &json)
        if parts.count > 1 {
            json.beginObject("subtechnique")
            write("id", alert.technique.id, into: &json)
            write("name", alert.technique.name.spaced, into: &json)
            json.endObject()
        } else {
            write("name", alert.technique.name.spaced, into: &json)
        }
        json.endObject()
        json.endObject()
    }

    private func write(_ key: StaticString, _ value: String, into json: inout JSONWriter) {
        json.beginArray(key)
        json.element(value)
        json.endArray()
    }

    private func writeEvidence(of alert: Alert, into json: inout JSONWriter) {
        json.beginObject("leptonnet")
        json.member("incident_id", incident: alert.incident)
        json.member("incident_stage", alert.stage == .opened ? "opened" : "updated")
        json.member("incident_alerts", alert.alertCount)
        json.member("level", alert.level.rawValue)
        json.member("score", millionths: EVERenderer.millionths(alert.score))
        json.member("threshold", millionths: EVERenderer.millionths(alert.threshold))
        if let flow = alert.flow { json.member("flow_id", flow.details.flowID) }
        if !json.isTerse {
            json.beginArray("contributions")
            for part in alert.contributions {
                json.beginObject()
                json.member("feature", part.feature.text)
                json.member("value", millionths: EVERenderer.millionths(part.value))
                json.member("expected", millionths: EVERenderer.millionths(part.expected))
                json.member("score", millionths: EVERenderer.millionths(part.score))
                json.endObject()
            }
            json.endArray()
        }
        json.endObject()
    }
}

extension String {
    /// ATT&CK's names as they are read: EVE writes underscores for spaces.
    var spaced: String { String(map { $0 == "_" ? " " : $0 }) }
}

extension ApplicationProtocol {
    /// Whether the protocol is known by name.
    var isNamed: Bool { self != .unknown && self != .failed }
}
