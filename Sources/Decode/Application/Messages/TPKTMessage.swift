// TPKT and COTP (RFC 1006, ITU-T X.224): what RDP and S7 open their connections with.

import NetTypes

/// One COTP message in its TPKT. Borrows its bytes.
struct TPKTMessage {
    private enum Code {
        static let connectionRequest: UInt8 = 0xe0
        static let connectionConfirm: UInt8 = 0xd0
        static let data: UInt8 = 0xf0
    }

    private let code: UInt8
    /// What follows the fixed part of a connection message; the payload of a data message.
    private let rest: ApplicationReader

    /// Whether bytes begin with a TPKT that holds a COTP message of a known kind.
    static func begins(_ bytes: ApplicationReader) -> Bool {
        var reader = bytes
        guard reader.uint16() == 0x0300, let length = reader.uint16(), length >= 7, let header = reader.uint8(),
            header >= 2, Int(header) + 5 <= Int(length), let code = reader.uint8()
        else { return false }
        return [Code.connectionRequest, Code.connectionConfirm, Code.data].contains(code & 0xf0)
    }

    init?(_ bytes: ApplicationReader) {
        var reader = bytes
        guard Self.begins(bytes), reader.skip(4), let length = reader.uint8(), let code = reader.uint8() else {
            return nil
        }
        self.code = code & 0xf0
        if self.code == Code.data {
            // The end-of-message mark, then what is carried.
            guard reader.skip(Int(length) - 1) else { return nil }
            rest = ApplicationReader(reader.unread)
        } else {
            // Two references and a class, then parameters up to the header's end.
            guard reader.skip(5), length >= 6 else { return nil }
            rest = ApplicationReader(reader.takeAvailable(Int(length) - 6).unread)
        }
    }

    var isConnection: Bool { code != Code.data }

    var isConfirmation: Bool { code == Code.connectionConfirm }

    /// Whether this opens a connection of S7: it names the transport selectors of both sides, as RDP never does.
    var isS7Opening: Bool {
        guard isConnection, let first = rest.peek() else { return false }
        return (0xc0...0xc2).contains(first)
    }

    /// The S7 message that a data message carries.
    var s7: S7Message? { isConnection ? nil : S7Message(rest) }

    // MARK: RDP

    /// Writes cookie and negotiation of an RDP connection ([MS-RDPBCGR] sections 2.2.1.1 and 2.2.1.2).
    func writeRDP(to fields: inout FieldWriter) {
        var reader = rest
        let cookie: StaticString = "Cookie: mstshash="
        var name = ApplicationReader.empty
        if reader.starts(with: "Cookie:"), let length = reader.distance(to: UInt8(ascii: "\r")) {
            name = reader.takeAvailable(length)
            if name.starts(with: cookie) { _ = name.skip(cookie.utf8CodeUnitCount) }
            _ = reader.skip(2)
        }
        if !isConfirmation { fields.append(.rdpCookie, name.unread) }
        guard let type = reader.uint8(), reader.skip(1), reader.littleUInt16() == 8,
            let protocols = reader.littleUInt32()
        else {
            // Without negotiation it is RDP's own security.
            if isConfirmation { fields.append(.rdpSelected, UInt32(0)) }
            return
        }
        switch type {
        case 1: fields.append(.rdpRequested, protocols)
        case 2: fields.append(.rdpSelected, protocols)
        default: break
        }
    }
}
