// Application records of leptonnet.json: what EVE has no keys for.

import NetTypes

extension SupplementRenderer {
    /// Renders records of S7, and of RDP with the protocols that were offered and chosen.
    func render(application event: StreamEvent, into json: inout JSONWriter) {
        begin(event.application.name, at: event.time, into: &json)
        json.member("flow_id", event.flow.details.flowID)
        json.member(communityID: json.digest(of: event.flow, communityID))
        event.withFields { reader in
            let fields = FieldIndex(reader)
            if event.application == .rdp {
                json.member("cookie", text: .rdpCookie, of: fields)
                json.member("requested_protocols", integer: .rdpRequested, of: fields)
                if let selected = fields.first(.rdpSelected)?.integer {
                    json.member("selected_protocol", Self.securityName(selected))
                }
            } else {
                json.member("kind", fields.first(.s7Kind)?.integer == 7 ? "userdata" : "job")
                json.member("function", integer: .s7Function, of: fields)
                json.member("group", integer: .s7Group, of: fields)
                if fields.first(.s7Group) == nil, let function = fields.first(.s7Function)?.integer,
                    let name = Self.functionName(function)
                {
                    json.member("function_name", name)
                }
            }
        }
        json.endLine()
    }

    /// [MS-RDPBCGR] section 2.2.1.2.1.
    private static func securityName(_ number: UInt64) -> StaticString {
        switch number {
        case 0: "rdp"
        case 1: "tls"
        case 2: "credssp"
        case 4: "rdstls"
        case 8: "credssp_early_authorization"
        case 16: "aad"
        default: "other"
        }
    }

    private static func functionName(_ number: UInt64) -> StaticString? {
        switch number {
        case 0x04: "read_variable"
        case 0x05: "write_variable"
        case 0x1a: "request_download"
        case 0x1b: "download_block"
        case 0x1c: "download_ended"
        case 0x1d: "start_upload"
        case 0x1e: "upload"
        case 0x1f: "end_upload"
        case 0x28: "control"
        case 0x29: "stop"
        case 0xf0: "setup_communication"
        default: nil
        }
    }
}
