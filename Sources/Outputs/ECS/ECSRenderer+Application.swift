// ECS documents of application records.

import NetTypes

extension ECSRenderer {
    /// DNS, TLS, QUIC and HTTP with their fields; of other protocols that they were spoken.
    func render(application event: StreamEvent, into json: inout JSONWriter) {
        begin(at: event.time, into: &json)
        beginEvent("event", event.application.name, type: "connection", secondType: "protocol", into: &json)
        json.endObject()
        writeSides(of: event.flow, withCounters: false, into: &json)
        event.withFields { reader in
            let fields = FieldIndex(reader)
            switch event.application {
            case .dns: write(dns: fields, into: &json)
            case .tls, .quic: write(tls: fields, into: &json)
            case .http: write(http: fields, into: &json)
            default: break
            }
        }
        json.beginObject("leptonnet")
        json.member("flow_id", event.flow.details.flowID)
        json.endObject()
        end(into: &json)
    }

    private func write(dns fields: FieldIndex, into json: inout JSONWriter) {
        let flags = UInt16(truncatingIfNeeded: fields.first(.dnsFlags)?.integer ?? 0)
        let isAnswer = flags & 0x8000 != 0
        json.beginObject("dns")
        json.member("type", isAnswer ? "answer" : "query")
        if let identifier = fields.first(.dnsID) { json.member("id", "\(identifier.integer)") }
        if let name = fields.first(.dnsQueryName) {
            json.beginObject("question")
            json.member("name", escaping: name.value)
            if let type = fields.first(.dnsQueryType) { json.member("type", dnsType: type.integer) }
            json.endObject()
        }
        if isAnswer {
            let code = UInt8(truncatingIfNeeded: flags & 15)
            if let name = DNSNames.responseCode(code) {
                json.member("response_code", name)
            } else {
                json.member("response_code", "\(code)")
            }
            writeResolved(fields, into: &json)
        }
        json.endObject()
    }

    /// The addresses among the answers.
    private func writeResolved(_ fields: FieldIndex, into json: inout JSONWriter) {
        var type: UInt64 = 0
        var isOpen = false
        for field in fields {
            if field.name == .dnsAnswerType { type = field.integer }
            guard field.name == .dnsAnswerData,
                (type, field.value.count) == (1, 4) || (type, field.value.count) == (28, 16)
            else { continue }
            if !isOpen { json.beginArray("resolved_ip") }
            isOpen = true
            json.element(IPAddress(networkOrder: field.value))
        }
        if isOpen { json.endArray() }
    }

    private func write(tls fields: FieldIndex, into json: inout JSONWriter) {
        json.beginObject("tls")
        if let version = fields.first(.tlsVersion) {
            let number: StaticString? =
                switch version.integer {
                case 0x0301: "1.0"
                case 0x0302: "1.1"
                case 0x0303: "1.2"
                case 0x0304: "1.3"
                default: nil
                }
            if let number {
                json.member("version", number)
                json.member("version_protocol", "tls")
            }
        }
        if fields.first(.tlsResumed) != nil { json.member("resumed", true) }
        json.member("next_protocol", text: .tlsServerALPN, of: fields)
        json.beginObject("client")
        json.member("server_name", text: .tlsServerName, of: fields)
        json.member("ja3", text: .tlsJA3Hash, of: fields)
        json.endObject()
        json.beginObject("server")
        json.member("subject", text: .tlsSubject, of: fields)
        json.member("issuer", text: .tlsIssuer, of: fields)
        json.member("ja3s", text: .tlsJA3SHash, of: fields)
        json.endObject()
        json.endObject()
    }

    private func write(http fields: FieldIndex, into json: inout JSONWriter) {
        json.beginObject("http")
        json.member("version", text: .httpVersion, of: fields)
        json.beginObject("request")
        json.member("method", text: .httpMethod, of: fields)
        json.member("referrer", text: .httpReferrer, of: fields)
        json.endObject()
        json.beginObject("response")
        json.member("status_code", integer: .httpStatus, of: fields)
        json.member("mime_type", text: .httpContentType, of: fields)
        json.endObject()
        json.endObject()
        json.beginObject("url")
        json.member("domain", text: .httpHost, of: fields)
        json.member("original", text: .httpPath, of: fields)
        json.endObject()
        if let agent = fields.first(.httpUserAgent) {
            json.beginObject("user_agent")
            json.member("original", escaping: agent.value)
            json.endObject()
        }
    }
}
