// EVE `smb` and `dcerpc` events.

import NetTypes

extension EVERenderer {
    func render(smb fields: FieldIndex, into json: inout JSONWriter) {
        json.beginObject("smb")
        json.member("command", text: .smbCommand, of: fields)
        if let dialect = fields.first(.smbDialect) { writeDialect(dialect.integer, into: &json) }
        json.member("share", text: .smbShare, of: fields)
        json.member("filename", text: .smbFilename, of: fields)
        json.member("named_pipe", text: .smbPipe, of: fields)
        if fields.first(.rpcType) != nil {
            json.beginObject("dcerpc")
            writeCall(fields, into: &json)
            json.member("opnum", integer: .rpcOperation, of: fields)
            json.endObject()
        }
        json.endObject()
    }

    func render(dcerpc fields: FieldIndex, into json: inout JSONWriter) {
        json.beginObject("dcerpc")
        writeCall(fields, into: &json)
        if fields.first(.rpcOperation) != nil {
            json.beginObject("req")
            json.member("opnum", integer: .rpcOperation, of: fields)
            json.endObject()
        }
        json.endObject()
    }

    private func writeCall(_ fields: FieldIndex, into json: inout JSONWriter) {
        if let type = fields.first(.rpcType) {
            switch type.integer {
            case 0: json.member("request", "REQUEST")
            case 11: json.member("request", "BIND")
            default: json.member("request", "ALTER_CONTEXT")
            }
        }
        json.member("call_id", integer: .rpcCallID, of: fields)
        guard fields.first(.rpcInterface) != nil else { return }
        json.beginArray("interfaces")
        for field in fields where field.name == .rpcInterface && field.value.count == 20 {
            json.beginObject()
            json.write(key: "uuid")
            json.buffer.append(UInt8(ascii: "\""))
            for (index, byte) in field.value.prefix(16).enumerated() {
                if [4, 6, 8, 10].contains(index) { json.buffer.append(UInt8(ascii: "-")) }
                json.buffer.append(hexadecimal: byte)
            }
            json.buffer.append(UInt8(ascii: "\""))
            json.write(key: "version")
            json.buffer.append(UInt8(ascii: "\""))
            json.buffer.append(decimal: UInt64(field.value[16]) << 8 | UInt64(field.value[17]))
            json.buffer.append(UInt8(ascii: "."))
            json.buffer.append(decimal: UInt64(field.value[18]) << 8 | UInt64(field.value[19]))
            json.buffer.append(UInt8(ascii: "\""))
            json.endObject()
        }
        json.endArray()
    }

    private func writeDialect(_ dialect: UInt64, into json: inout JSONWriter) {
        switch dialect {
        case 0x0202: json.member("dialect", "2.02")
        case 0x0210: json.member("dialect", "2.10")
        case 0x02ff: json.member("dialect", "2.FF")
        case 0x0300: json.member("dialect", "3.00")
        case 0x0302: json.member("dialect", "3.02")
        case 0x0311: json.member("dialect", "3.11")
        default: break
        }
    }
}
