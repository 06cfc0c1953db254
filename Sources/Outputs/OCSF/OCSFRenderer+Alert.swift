// OCSF Detection Finding (2004).

import NetTypes

extension OCSFRenderer {
    func render(_ alert: Alert, tunnel: Tunnel?, into json: inout JSONWriter) {
        begin(
            2004, activity: alert.stage == .opened ? 1 : 2, severity: alert.level.ascending, at: alert.time, into: &json
        )
        json.member("status_id", alert.stage == .opened ? 1 : 2)
        json.member("is_alert", true)
        json.member("message", alert.signature)
        json.member("risk_score", alert.risk)
        writeFinding(of: alert, into: &json)
        writeEvidence(of: alert, into: &json)
        if !json.isTerse { writeAnalysis(of: alert, into: &json) }
        json.beginObject("unmapped")
        json.member("leptonnet.incident_alerts", alert.alertCount)
        json.member("leptonnet.score", millionths: EVERenderer.millionths(alert.score))
        json.member("leptonnet.threshold", millionths: EVERenderer.millionths(alert.threshold))
        json.endObject()
        json.endLine()
    }

    /// Alerts of one incident are one finding.
    private func writeFinding(of alert: Alert, into json: inout JSONWriter) {
        json.beginObject("finding_info")
        json.member("uid", incident: alert.incident)
        json.member("title", alert.signature)
        json.member("desc", alert.category)
        json.beginObject("analytic")
        json.member("uid", "\(alert.signatureID)")
        json.member("name", alert.signature)
        json.member("type_id", 2)
        json.endObject()
        json.beginArray("attacks")
        json.beginObject()
        json.beginObject("tactic")
        json.member("uid", alert.tactic.id)
        json.member("name", alert.tactic.name.spaced)
        json.endObject()
        let parts = alert.technique.id.split(separator: ".")
        json.beginObject("technique")
        json.member("uid", String(parts.first ?? ""))
        if parts.count == 1 { json.member("name", alert.technique.name.spaced) }
        json.endObject()
        if parts.count > 1 {
            json.beginObject("sub_technique")
            json.member("uid", alert.technique.id)
            json.member("name", alert.technique.name.spaced)
            json.endObject()
        }
        json.endObject()
        json.endArray()
        json.endObject()
    }

    private func writeEvidence(of alert: Alert, into json: inout JSONWriter) {
        let hasPorts = EVERenderer.hasPorts(alert.transport)
        json.beginArray("evidences")
        json.beginObject()
        write(alert.source, hasPorts ? alert.sourcePort : nil, nil, as: "src_endpoint", into: &json)
        write(alert.target, hasPorts ? alert.targetPort : nil, nil, as: "dst_endpoint", into: &json)
        writeConnection(
            transport: alert.transport, flow: alert.flow, from: alert.source, to: alert.target, into: &json)
        json.endObject()
        json.endArray()
    }

    /// What was seen of each feature, and what is usual of it.
    private func writeAnalysis(of alert: Alert, into json: inout JSONWriter) {
        guard !alert.contributions.isEmpty else { return }
        json.beginArray("anomaly_analyses")
        json.beginObject()
        json.beginArray("analysis_targets")
        json.beginObject()
        json.member("name", alert.source)
        json.member("type", "host")
        json.endObject()
        json.endArray()
        json.beginArray("baselines")
        for part in alert.contributions { write(part, part.expected, isAnomaly: false, into: &json) }
        json.endArray()
        json.beginArray("anomalies")
        for part in alert.contributions { write(part, part.value, isAnomaly: true, into: &json) }
        json.endArray()
        json.endObject()
        json.endArray()
    }

    private func write(
        _ part: Alert.Contribution, _ value: Double, isAnomaly: Bool, into json: inout JSONWriter
    ) {
        json.beginObject()
        json.member("observation_parameter", part.feature.text)
        if isAnomaly { json.member("observation_type", "value") }
        json.beginArray("observations")
        json.beginObject()
        json.write(key: "value")
        json.buffer.append(UInt8(ascii: "\""))
        json.buffer.append(millionths: EVERenderer.millionths(value))
        json.buffer.append(UInt8(ascii: "\""))
        json.endObject()
        json.endArray()
        json.endObject()
    }
}
