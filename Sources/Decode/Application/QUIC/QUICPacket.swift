// Long headers of QUIC (RFC 9000 section 17.2, RFC 9369 section 3.2).

import PacketProtection

/// A packet with a long header of a known version, as it lies in a datagram. Borrows the bytes.
struct QUICPacket {
    enum Kind {
        case initial
        case other
    }

    /// Most bytes of a connection identifier.
    static let maximumIDLength = 20

    let version: QUICVersion
    let kind: Kind
    let destinationID: ApplicationReader
    /// The whole packet, header included.
    let bytes: ApplicationReader
    /// Where its packet number starts; zero for other kinds than Initial.
    let numberOffset: Int

    /// Reads the packet at the cursor and moves behind it; nil when there is none of a known version, or not all of it.
    init?(_ datagram: inout ApplicationReader) {
        var reader = ApplicationReader(datagram.unread)
        guard let first = reader.uint8(), first & 0xc0 == 0xc0, let number = reader.uint32(),
            let version = QUICVersion(rawValue: number), let destinationLength = reader.uint8(),
            destinationLength <= Self.maximumIDLength, let destinationID = reader.take(Int(destinationLength)),
            let sourceLength = reader.uint8(), sourceLength <= Self.maximumIDLength, reader.skip(Int(sourceLength))
        else { return nil }
        self.version = version
        self.destinationID = destinationID
        let type = first >> 4 & 3
        kind = type == (version == .one ? 0 : 1) ? .initial : .other
        let isRetry = type == (version == .one ? 3 : 0)
        if isRetry {
            numberOffset = 0
            bytes = datagram.takeAvailable(datagram.remaining)
            return
        }
        if kind == .initial {
            guard let tokenLength = reader.variableInteger(), reader.skip(tokenLength) else { return nil }
        }
        guard let length = reader.variableInteger(), length <= reader.remaining else { return nil }
        numberOffset = reader.offset
        guard let bytes = datagram.take(reader.offset + length) else { return nil }
        self.bytes = bytes
    }

    /// Whether a datagram begins with a long header of a known version, as far as its captured bytes go.
    static func begins(_ datagram: ApplicationReader) -> Bool {
        var reader = datagram
        guard let first = reader.uint8(), first & 0xc0 == 0xc0, let number = reader.uint32(),
            QUICVersion(rawValue: number) != nil, let destination = reader.uint8(), destination <= maximumIDLength,
            reader.skip(Int(destination)), let source = reader.uint8(), source <= maximumIDLength
        else { return false }
        return true
    }
}

extension ApplicationReader {
    /// A variable-length integer (RFC 9000 section 16); nil when it is not all there or no `Int`.
    mutating func variableInteger() -> Int? {
        guard let first = peek() else { return nil }
        let length = 1 << Int(first >> 6)
        guard var bytes = take(length) else { return nil }
        var value = UInt64(bytes.uint8() ?? 0) & 0x3f
        while let byte = bytes.uint8() { value = value << 8 | UInt64(byte) }
        return Int(exactly: value)
    }
}
