// EVE `alert` events.

import NetTypes

extension EVERenderer {
    /// The generator that leptonnet's signature identifiers belong to; Suricata's own rules have 1.
    private static let generator = 90

    func render(_ alert: Alert, tunnel: Tunnel?, into json: inout JSONWriter) {
        begin("alert", at: alert.time, flowID: alert.flow?.details.flowID, into: &json)
        if let flow = alert.flow {
            writeEndpoints(of: flow, tunnel: tunnel, into: &json)
            if flow.identity.application != .unknown { json.member("app_proto", flow.identity.application.name) }
            writeCommunityID(of: flow, into: &json)
        } else {
            writeParties(of: alert, into: &json)
        }
        json.beginObject("alert")
        json.member("action", "allowed")
        json.member("gid", Self.generator)
        json.member("signature_id", alert.signatureID)
        json.member("rev", 1)
        json.member("signature", alert.signature)
        json.member("category", alert.category)
        json.member("severity", alert.severity)
        write(alert.source, alert.sourcePort, as: "source", hasPorts: Self.hasPorts(alert.transport), into: &json)
        write(alert.target, alert.targetPort, as: "target", hasPorts: Self.hasPorts(alert.transport), into: &json)
        if !alert.references.isEmpty {
            json.beginArray("references")
            for reference in alert.references { json.element(reference) }
            json.endArray()
        }
        writeTechnique(of: alert, into: &json)
        writeContext(of: alert, into: &json)
        json.endObject()
        if let flow = alert.flow { writeFlow(of: flow, into: &json) }
        json.endLine()
    }

    /// Addresses, ports and protocol of an alert without a flow.
    private func writeParties(of alert: Alert, into json: inout JSONWriter) {
        let hasPorts = Self.hasPorts(alert.transport)
        json.member("src_ip", alert.source)
        if hasPorts { json.member("src_port", alert.sourcePort) }
        json.member("dest_ip", alert.target)
        if hasPorts { json.member("dest_port", alert.targetPort) }
        if alert.transport != 0 {
            var key = FlowKey()
            key.transport = alert.transport
            key.shape = alert.source.isIPv6 ? 0x80 : 0
            writeProtocol(of: key, into: &json)
        } else {
            json.member("ip_v", alert.source.isIPv6 ? 6 : 4)
        }
        if hasPorts {
            json.member(
                communityID: communityID.digest(
                    transport: alert.transport, source: json.shown(alert.source), sourcePort: alert.sourcePort,
                    destination: json.shown(alert.target), destinationPort: alert.targetPort))
        }
    }

    private func write(
        _ address: IPAddress, _ port: UInt16, as name: StaticString, hasPorts: Bool, into json: inout JSONWriter
    ) {
        json.beginObject(name)
        json.member("ip", address)
        if hasPorts { json.member("port", port) }
        json.endObject()
    }

    /// ATT&CK as arrays of strings, the form that dashboards read.
    private func writeTechnique(of alert: Alert, into json: inout JSONWriter) {
        json.beginObject("metadata")
        write("mitre_tactic_id", alert.tactic.id, into: &json)
        write("mitre_tactic_name", alert.tactic.name, into: &json)
        write("mitre_technique_id", alert.technique.id, into: &json)
        write("mitre_technique_name", alert.technique.name, into: &json)
        json.endObject()
    }

    private func write(_ name: StaticString, _ value: String, into json: inout JSONWriter) {
        json.beginArray(name)
        json.element(value)
        json.endArray()
    }

    /// Incident, score and explanation. Scores are written with six decimals, so that parts add up to the whole.
    private func writeContext(of alert: Alert, into json: inout JSONWriter) {
        json.beginObject("context")
        json.beginObject("leptonnet")
        if let id = json.eventID { json.member("event_id", id) }
        json.member("incident_id", incident: alert.incident)
        json.member("incident_stage", alert.stage == .opened ? "opened" : "updated")
        json.member("incident_alerts", alert.alertCount)
        json.member("level", alert.level.rawValue)
        json.member("risk", alert.risk)
        let parts = alert.contributions.map { Self.millionths($0.score) }
        json.member("score", millionths: parts.reduce(0, Self.sum))
        json.member("threshold", millionths: Self.millionths(alert.threshold))
        // What a message of bounded size can do without.
        guard !json.isTerse else {
            json.endObject()
            return json.endObject()
        }
        json.beginArray("contributions")
        for (contribution, part) in zip(alert.contributions, parts) {
            json.beginObject()
            json.member("feature", contribution.feature.text)
            json.member("value", millionths: Self.millionths(contribution.value))
            json.member("expected", millionths: Self.millionths(contribution.expected))
            json.member("score", millionths: part)
            json.endObject()
        }
        json.endArray()
        json.beginArray("counterfactual")
        for change in alert.counterfactuals {
            json.beginObject()
            json.member("feature", change.feature.text)
            json.member("at_most", millionths: Self.millionths(change.atMost))
            json.endObject()
        }
        json.endArray()
        if alert.lostPackets > 0 { json.member("lost_packets", alert.lostPackets) }
        if let nearest = alert.nearest { write(nearest, into: &json) }
        json.endObject()
        json.endObject()
    }

    private func write(_ nearest: Alert.Neighbour, into json: inout JSONWriter) {
        json.beginObject("nearest")
        json.member("distance", millionths: Self.millionths(nearest.distance))
        json.member("flows", nearest.flows)
        json.member("pkts_toserver", Self.whole(nearest.packetsToServer))
        json.member("pkts_toclient", Self.whole(nearest.packetsToClient))
        json.member("bytes_toserver", Self.whole(nearest.bytesToServer))
        json.member("bytes_toclient", Self.whole(nearest.bytesToClient))
        json.member("seconds", millionths: Self.millionths(nearest.seconds))
        json.endObject()
    }

    /// The flow as it was when the alert was raised.
    private func writeFlow(of flow: FlowRecord, into json: inout JSONWriter) {
        json.beginObject("flow")
        json.member("pkts_toserver", flow.toServer.packets)
        json.member("pkts_toclient", flow.toClient.packets)
        json.member("bytes_toserver", flow.toServer.bytes)
        json.member("bytes_toclient", flow.toClient.bytes)
        json.member("start", flow.start)
        json.endObject()
    }

    /// The nearest whole number; what no integer holds becomes the largest one.
    static func whole(_ value: Double) -> Int64 {
        Int64(exactly: value.rounded()) ?? .max
    }

    /// The sum; what no integer holds becomes the largest or smallest one.
    private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, overflows) = left.addingReportingOverflow(right)
        return overflows ? (right < 0 ? .min : .max) : sum
    }

    /// The nearest number of millionths; what no integer holds becomes the largest or smallest one.
    static func millionths(_ value: Double) -> Int64 {
        Int64(exactly: (value * 1_000_000).rounded()) ?? (value < 0 ? .min : .max)
    }
}

extension JSONWriter {
    /// A fraction given in millionths, written without an exponent.
    mutating func member(_ key: StaticString, millionths value: Int64) {
        write(key: key)
        buffer.append(millionths: value)
    }

    /// An incident's identifier.
    mutating func member(_ key: StaticString, incident: UInt64) {
        write(key: key)
        buffer.append(UInt8(ascii: "\""))
        buffer.append(incident: incident)
        buffer.append(UInt8(ascii: "\""))
    }
}

extension LineBuffer {
    /// A fraction given in millionths, without an exponent.
    mutating func append(millionths value: Int64) {
        let magnitude = value.magnitude
        if value < 0 { append(UInt8(ascii: "-")) }
        append(decimal: magnitude / 1_000_000)
        var rest = magnitude % 1_000_000
        guard rest > 0 else { return }
        append(UInt8(ascii: "."))
        var unit: UInt64 = 100_000
        while rest > 0 {
            append(UInt8(ascii: "0") + UInt8(rest / unit))
            rest %= unit
            unit /= 10
        }
    }

    /// An incident's identifier: the second it was opened in and its number, in hexadecimal.
    mutating func append(incident: UInt64) {
        append("i-")
        append(hexadecimal: incident)
    }

    /// Sixteen hexadecimal digits.
    mutating func append(hexadecimal word: UInt64) {
        for shift in stride(from: 56, through: 0, by: -8) {
            append(hexadecimal: UInt8(truncatingIfNeeded: word >> UInt64(shift)))
        }
    }
}
