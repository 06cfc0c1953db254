// The record layer of TLS (RFC 8446 section 5.1).

/// Record headers and what they may look like.
enum TLSRecord {
    static let headerLength = 5
    static let changeCipherSpec: UInt8 = 20
    static let handshake: UInt8 = 22
    static let applicationData: UInt8 = 23

    /// The longest record, with the room that TLS 1.2 gives to encryption.
    static let maximumLength = 16_384 + 2_048

    /// Whether a header has a known type, a version that exists and a possible length.
    static func isPlausible(type: UInt8, version: UInt16, length: Int) -> Bool {
        type >= 20 && type <= 24 && version >= 0x0300 && version <= 0x0304 && length <= maximumLength
    }

    /// Whether bytes begin with a record of TLS; nil when they are too few to tell.
    static func begins(_ bytes: ApplicationReader) -> Bool? {
        guard let type = bytes.peek() else { return nil }
        guard type >= 20, type <= 24 else { return false }
        guard let major = bytes.peek(1) else { return nil }
        guard major == 3 else { return false }
        guard let minor = bytes.peek(2) else { return nil }
        guard minor <= 4 else { return false }
        guard let high = bytes.peek(3), let low = bytes.peek(4) else { return nil }
        let length = Int(high) << 8 | Int(low)
        return length > 0 && length <= maximumLength
    }

    /// Whether bytes begin, beyond chance, with a ClientHello: what a connection that turns to TLS after a few lines of
    /// another protocol sends (RFC 2817, 3207, 2595 and relatives).
    static func beginsWithClientHello(_ bytes: ApplicationReader) -> Bool {
        begins(bytes) == true && bytes.peek() == handshake && bytes.peek(5) == TLSHandshake.clientHello
            && bytes.peek(6) == 0 && bytes.peek(9) == 3
    }
}

/// Types of handshake messages that are read (RFC 8446 section 4, RFC 5246 section 7.4).
enum TLSHandshake {
    static let headerLength = 4
    static let clientHello: UInt8 = 1
    static let serverHello: UInt8 = 2
    static let certificate: UInt8 = 11
    static let serverHelloDone: UInt8 = 14
}
