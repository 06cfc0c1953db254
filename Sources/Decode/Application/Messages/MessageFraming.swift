// Where messages begin and end in protocols that put a length in front.

import NetTypes

/// How the messages of a protocol lie in a stream of bytes.
enum MessageFraming {
    /// Bytes that `length` needs at least.
    static func headerLength(of application: ApplicationProtocol) -> Int {
        switch application {
        case .dns, .mqtt: 2
        case .modbus: 6
        case .dcerpc: 16
        default: 4
        }
    }

    /// Length of the message that begins here, header included; nil when more bytes are needed to tell.
    static func length(of application: ApplicationProtocol, _ bytes: ApplicationReader) -> Int? {
        var reader = bytes
        switch application {
        case .dns: return reader.uint16().map { reader.offset + Int($0) }
        case .smb:
            // NetBIOS session service, or direct TCP (RFC 1002 section 4.3.1).
            return reader.uint32().map { 4 + Int($0 & 0x00ff_ffff) }
        case .rdp, .s7:
            // TPKT (RFC 1006 section 6).
            guard reader.skip(2) else { return nil }
            return reader.uint16().map { max(4, Int($0)) }
        case .modbus:
            guard reader.skip(4) else { return nil }
            return reader.uint16().map { 6 + Int($0) }
        case .dcerpc: return RPCMessage.length(bytes)
        case .mqtt:
            guard reader.skip(1) else { return nil }
            return reader.mqttInteger().map { reader.offset + $0 }
        default: return nil
        }
    }

    /// Whether a message of the protocol begins here, beyond chance: where a stream is taken up again.
    static func begins(_ application: ApplicationProtocol, _ bytes: ApplicationReader) -> Bool {
        switch application {
        case .dns: DNSMessage.begins(bytes)
        case .smb: SMBMessage.begins(bytes)
        case .rdp, .s7: TPKTMessage.begins(bytes)
        case .modbus: ModbusMessage.begins(bytes)
        case .dcerpc: RPCMessage.begins(bytes)
        case .mqtt: (bytes.peek() ?? 0) >> 4 != 0
        default: false
        }
    }
}

extension ApplicationReader {
    /// The remaining length of MQTT: seven bits a byte, the lowest first, at most four bytes.
    mutating func mqttInteger() -> Int? {
        var value = 0
        for shift in stride(from: 0, through: 21, by: 7) {
            guard let byte = uint8() else { return nil }
            value |= Int(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return value }
        }
        // More is malformed; what was read so far passes for it.
        return value
    }

    /// Integers in the order of small machines.
    mutating func littleUInt16() -> UInt16? { uint16()?.byteSwapped }

    mutating func littleUInt32() -> UInt32? { uint32()?.byteSwapped }

    mutating func littleUInt64() -> UInt64? {
        guard remaining >= 8, let low = littleUInt32(), let high = littleUInt32() else { return nil }
        return UInt64(high) << 32 | UInt64(low)
    }
}
