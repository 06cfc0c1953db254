// EVE `tls` events: one per handshake.

import NetTypes

extension EVERenderer {
    func render(tls fields: FieldIndex, into json: inout JSONWriter) {
        json.beginObject("tls")
        json.member("subject", text: .tlsSubject, of: fields)
        json.member("issuerdn", text: .tlsIssuer, of: fields)
        json.member("serial", text: .tlsSerial, of: fields)
        json.member("fingerprint", text: .tlsFingerprint, of: fields)
        json.member("sni", text: .tlsServerName, of: fields)
        if let version = fields.first(.tlsVersion) {
            writeVersion(UInt16(truncatingIfNeeded: version.integer), into: &json)
        }
        writeDate("notbefore", .tlsNotBefore, of: fields, into: &json)
        writeDate("notafter", .tlsNotAfter, of: fields, into: &json)
        json.member("subjectaltname", texts: .tlsSubjectAlternativeName, of: fields)
        if fields.first(.tlsResumed) != nil { json.member("session_resumed", true) }
        writeFingerprint("ja3", .tlsJA3Hash, .tlsJA3, of: fields, into: &json)
        writeFingerprint("ja3s", .tlsJA3SHash, .tlsJA3S, of: fields, into: &json)
        json.member("ja4", text: .tlsJA4, of: fields)
        json.member("client_alpns", texts: .tlsClientALPN, of: fields)
        json.member("server_alpns", texts: .tlsServerALPN, of: fields)
        if let suite = fields.first(.tlsCipherSuite) {
            json.beginObject("server_handshake")
            json.member("cipher", suite.integer)
            json.endObject()
        }
        json.endObject()
    }

    /// Suricata's name of a protocol version; one it has no name for in hexadecimal.
    private func writeVersion(_ version: UInt16, into json: inout JSONWriter) {
        switch version {
        case 0x0200: json.member("version", "SSLv2")
        case 0x0300: json.member("version", "SSLv3")
        case 0x0301: json.member("version", "TLSv1")
        case 0x0302: json.member("version", "TLS 1.1")
        case 0x0303: json.member("version", "TLS 1.2")
        case 0x0304: json.member("version", "TLS 1.3")
        default:
            json.write(key: "version")
            json.buffer.append("\"0x")
            json.buffer.append(hexadecimal: UInt8(truncatingIfNeeded: version >> 8))
            json.buffer.append(hexadecimal: UInt8(truncatingIfNeeded: version))
            json.buffer.append(UInt8(ascii: "\""))
        }
    }

    /// A date of a certificate, unless it lies outside the years 1000 to 2999 that the schema allows.
    private func writeDate(
        _ key: StaticString, _ name: ApplicationField, of fields: FieldIndex, into json: inout JSONWriter
    ) {
        guard let field = fields.first(name) else { return }
        let seconds = Int64(bitPattern: field.integer)
        guard (-30_610_224_000..<32_503_680_000).contains(seconds) else { return }
        json.write(key: key)
        json.buffer.append(UInt8(ascii: "\""))
        json.buffer.append(json.calendar.time(of: seconds))
        json.buffer.append(UInt8(ascii: "\""))
    }

    func writeFingerprint(
        _ key: StaticString, _ hash: ApplicationField, _ text: ApplicationField, of fields: FieldIndex,
        into json: inout JSONWriter
    ) {
        guard fields.first(hash) != nil || fields.first(text) != nil else { return }
        json.beginObject(key)
        json.member("hash", text: hash, of: fields)
        json.member("string", text: text, of: fields)
        json.endObject()
    }
}

// How fields of application records become members.
extension JSONWriter {
    /// The first field of a name as escaped text; nothing when there is none.
    mutating func member(_ key: StaticString, text name: ApplicationField, of fields: FieldIndex) {
        if let field = fields.first(name) { member(key, escaping: field.value) }
    }

    /// The first field of a name as an integer; nothing when there is none.
    mutating func member(_ key: StaticString, integer name: ApplicationField, of fields: FieldIndex) {
        if let field = fields.first(name) { member(key, field.integer) }
    }

    /// The first field of a name as an IPv4 address; nothing when there is none.
    mutating func member(_ key: StaticString, address name: ApplicationField, of fields: FieldIndex) {
        if let field = fields.first(name), field.value.count == 4 {
            member(key, IPAddress(networkOrder: field.value))
        }
    }

    /// All fields of a name as an array of escaped text; nothing when there is none.
    mutating func member(_ key: StaticString, texts name: ApplicationField, of fields: FieldIndex) {
        guard fields.first(name) != nil else { return }
        beginArray(key)
        for field in fields where field.name == name { element(escaping: field.value) }
        endArray()
    }

    /// All fields of a name as an array of IPv4 addresses; nothing when there is none.
    mutating func member(_ key: StaticString, addresses name: ApplicationField, of fields: FieldIndex) {
        guard fields.contains(where: { $0.name == name && $0.value.count == 4 }) else { return }
        beginArray(key)
        for field in fields where field.name == name && field.value.count == 4 {
            element(IPAddress(networkOrder: field.value))
        }
        endArray()
    }
}
