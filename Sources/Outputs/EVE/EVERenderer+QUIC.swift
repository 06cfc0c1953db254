// EVE `quic` events: one per connection.

import NetTypes

extension EVERenderer {
    func render(quic fields: FieldIndex, into json: inout JSONWriter) {
        json.beginObject("quic")
        if let version = fields.first(.quicVersion) {
            switch version.integer {
            case 1: json.member("version", "1")
            default: json.member("version", "2")
            }
        }
        json.member("sni", text: .tlsServerName, of: fields)
        writeFingerprint("ja3", .tlsJA3Hash, .tlsJA3, of: fields, into: &json)
        json.member("ja4", text: .tlsJA4, of: fields)
        writeExtensions(fields, into: &json)
        json.endObject()
    }

    /// The extensions of the hello, with the names of the server and of the protocols as values of theirs.
    private func writeExtensions(_ fields: FieldIndex, into json: inout JSONWriter) {
        guard let types = fields.first(.quicExtensions)?.value, types.count >= 2 else { return }
        json.beginArray("extensions")
        for index in stride(from: 0, to: types.count - 1, by: 2) {
            let type = UInt16(types[index]) << 8 | UInt16(types[index + 1])
            json.beginObject()
            if let name = Self.extensionName(type) { json.member("name", name) }
            json.member("type", type)
            switch type {
            case 0: json.member("values", texts: .tlsServerName, of: fields)
            case 16: json.member("values", texts: .quicALPN, of: fields)
            default: break
            }
            json.endObject()
        }
        json.endArray()
    }

    /// Names of the IANA registry of TLS extensions.
    private static func extensionName(_ type: UInt16) -> StaticString? {
        switch type {
        case 0: "server_name"
        case 5: "status_request"
        case 10: "supported_groups"
        case 13: "signature_algorithms"
        case 16: "alpn"
        case 18: "signed_certificate_timestamp"
        case 27: "compress_certificate"
        case 35: "session_ticket"
        case 41: "pre_shared_key"
        case 42: "early_data"
        case 43: "supported_versions"
        case 45: "psk_key_exchange_modes"
        case 51: "key_share"
        case 57: "quic_transport_parameters"
        case 0xfe0d: "encrypted_client_hello"
        case 0xff01: "renegotiation_info"
        default: nil
        }
    }
}
