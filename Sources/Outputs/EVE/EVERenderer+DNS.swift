// EVE `dns` events, in version 2 of that record: one event per message.

import NetTypes

extension EVERenderer {
    func render(dns fields: FieldIndex, into json: inout JSONWriter) {
        let flags = UInt16(truncatingIfNeeded: fields.first(.dnsFlags)?.integer ?? 0)
        let isAnswer = flags & 0x8000 != 0
        json.beginObject("dns")
        json.member("version", 2)
        json.member("type", isAnswer ? "answer" : "query")
        if let identifier = fields.first(.dnsID) { json.member("id", identifier.integer) }
        json.write(key: "flags")
        json.buffer.append(UInt8(ascii: "\""))
        json.buffer.append(hexadecimal: UInt8(truncatingIfNeeded: flags >> 8))
        json.buffer.append(hexadecimal: UInt8(truncatingIfNeeded: flags))
        json.buffer.append(UInt8(ascii: "\""))
        if isAnswer { json.member("qr", true) }
        if flags & 0x0400 != 0 { json.member("aa", true) }
        if flags & 0x0200 != 0 { json.member("tc", true) }
        if flags & 0x0100 != 0 { json.member("rd", true) }
        if flags & 0x0080 != 0 { json.member("ra", true) }
        if flags & 0x0040 != 0 { json.member("z", true) }
        json.member("opcode", flags >> 11 & 15)
        if let name = fields.first(.dnsQueryName) { json.member("rrname", escaping: name.value) }
        if let type = fields.first(.dnsQueryType) { json.member("rrtype", dnsType: type.integer) }
        if isAnswer { writeAnswer(fields, code: UInt8(truncatingIfNeeded: flags & 15), into: &json) }
        json.endObject()
    }

    private func writeAnswer(_ fields: FieldIndex, code: UInt8, into json: inout JSONWriter) {
        json.write(key: "rcode")
        json.buffer.append(UInt8(ascii: "\""))
        if let name = DNSNames.responseCode(code) {
            json.buffer.append(name)
        } else {
            json.buffer.append(decimal: UInt64(code))
        }
        json.buffer.append(UInt8(ascii: "\""))
        guard fields.first(.dnsAnswerName) != nil else { return }
        json.beginArray("answers")
        var type: UInt64 = 0
        // One bit for every type below 64 that occurs; the types to group are among them.
        var occurring: UInt64 = 0
        var isOpen = false
        for field in fields {
            switch field.name {
            case .dnsAnswerName:
                if isOpen { json.endObject() }
                isOpen = true
                json.beginObject()
                json.member("rrname", escaping: field.value)
            case .dnsAnswerType where isOpen:
                type = field.integer
                json.member("rrtype", dnsType: type)
            case .dnsAnswerTTL where isOpen: json.member("ttl", field.integer)
            case .dnsAnswerData where isOpen:
                if type < 64 { occurring |= 1 << type }
                json.write(key: "rdata")
                json.string(dnsData: field.value, type: type)
            default: break
            }
        }
        if isOpen { json.endObject() }
        json.endArray()
        writeGrouped(fields, occurring, into: &json)
    }

    /// The answers' data once more, as one array per type, for the types the schema knows as plain strings.
    private func writeGrouped(_ fields: FieldIndex, _ occurring: UInt64, into json: inout JSONWriter) {
        json.beginObject("grouped")
        if occurring >> 1 & 1 == 1 { writeGroup("A", 1, fields, into: &json) }
        if occurring >> 28 & 1 == 1 { writeGroup("AAAA", 28, fields, into: &json) }
        if occurring >> 5 & 1 == 1 { writeGroup("CNAME", 5, fields, into: &json) }
        if occurring >> 15 & 1 == 1 { writeGroup("MX", 15, fields, into: &json) }
        if occurring >> 2 & 1 == 1 { writeGroup("NS", 2, fields, into: &json) }
        if occurring >> 12 & 1 == 1 { writeGroup("PTR", 12, fields, into: &json) }
        if occurring >> 16 & 1 == 1 { writeGroup("TXT", 16, fields, into: &json) }
        json.endObject()
    }

    private func writeGroup(
        _ name: StaticString, _ wanted: UInt64, _ fields: FieldIndex, into json: inout JSONWriter
    ) {
        var type: UInt64 = 0
        var isOpen = false
        for field in fields {
            if field.name == .dnsAnswerType { type = field.integer }
            guard field.name == .dnsAnswerData, type == wanted else { continue }
            if !isOpen {
                json.beginArray(name)
                isOpen = true
            }
            json.separate()
            json.string(dnsData: field.value, type: type)
        }
        if isOpen { json.endArray() }
    }
}

extension JSONWriter {
    /// The mnemonic of a DNS type, or TYPEn.
    mutating func member(_ key: StaticString, dnsType number: UInt64) {
        write(key: key)
        buffer.append(UInt8(ascii: "\""))
        if let name = DNSNames.type(UInt16(truncatingIfNeeded: number)) {
            buffer.append(name)
        } else {
            buffer.append("TYPE")
            buffer.append(decimal: number)
        }
        buffer.append(UInt8(ascii: "\""))
    }

    /// The data of an answer: an address, text, or the name in it (of SOA, MX and SRV the decoder keeps the name
    /// alone); other types in the generic form of RFC 3597, section 5.
    fileprivate mutating func string(dnsData value: UnsafeRawBufferPointer, type: UInt64) {
        switch (type, value.count) {
        case (1, 4), (28, 16):
            buffer.append(UInt8(ascii: "\""))
            buffer.append(shown(IPAddress(networkOrder: value)))
            buffer.append(UInt8(ascii: "\""))
        case (2, _), (5, _), (6, _), (12, _), (15, _), (16, _), (33, _), (39, _):
            string(value)
        default:
            buffer.append("\"\\\\# ")
            buffer.append(decimal: UInt64(value.count))
            if !value.isEmpty { buffer.append(UInt8(ascii: " ")) }
            for byte in value { buffer.append(hexadecimal: byte) }
            buffer.append(UInt8(ascii: "\""))
        }
    }
}

extension IPAddress {
    /// An address from its 4 or 16 bytes on the wire.
    init(networkOrder bytes: UnsafeRawBufferPointer) {
        let word = { (part: Slice<UnsafeRawBufferPointer>) in part.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
        if bytes.count == 16 {
            self.init(high: word(bytes.prefix(8)), low: word(bytes.suffix(8)), isIPv6: true)
        } else {
            self.init(v4: UInt32(truncatingIfNeeded: word(bytes.prefix(4))))
        }
    }
}
