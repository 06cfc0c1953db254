// SNMP (RFC 1157, 3416, 3412), the head of a message.

import NetTypes

/// Who asks, and how. Borrows its bytes.
struct SNMPMessage {
    private let version: UInt8
    private let name: ApplicationReader
    private let kind: UInt8?

    init?(_ bytes: ApplicationReader) {
        var reader = bytes
        guard var message = reader.element(0x30), let number = message.element(0x02), number.remaining == 1,
            let version = number.peek(), [0, 1, 3].contains(version)
        else { return nil }
        // Version 2c says 1.
        self.version = version == 3 ? 3 : version + 1
        if version == 3 {
            // Header data, then the security parameters: engine, boots, time, user (RFC 3414 section 2.4).
            guard message.element(0x30) != nil, var parameters = message.element(0x04) else { return nil }
            var user = ApplicationReader.empty
            if var model = parameters.element(0x30), model.element(0x04) != nil, model.element(0x02) != nil,
                model.element(0x02) != nil
            {
                user = model.element(0x04) ?? .empty
            }
            name = user
            kind = nil
        } else {
            guard let community = message.element(0x04), let tag = message.peek(), (0xa0...0xa8).contains(tag) else {
                return nil
            }
            name = community
            kind = tag
        }
    }

    func write(to fields: inout FieldWriter) {
        fields.append(.snmpVersion, version)
        if name.remaining > 0 { fields.append(version == 3 ? .snmpUser : .snmpCommunity, name.unread) }
        if let kind { fields.append(.snmpPDU, kind) }
    }
}

extension ApplicationReader {
    /// The content of the next BER element, if it has this tag and is all there, or was cut by the capture.
    fileprivate mutating func element(_ tag: UInt8) -> ApplicationReader? {
        guard peek() == tag, skip(1), let first = uint8() else { return nil }
        var length = Int(first)
        if first & 0x80 != 0 {
            length = 0
            guard (1...3).contains(first & 0x7f) else { return nil }
            for _ in 0..<(first & 0x7f) {
                guard let byte = uint8() else { return nil }
                length = length << 8 | Int(byte)
            }
        }
        return tag == 0x30
            ? ApplicationReader(takeAvailable(length).unread)
            : take(length).map {
                ApplicationReader($0.unread)
            }
    }
}
