// The keys of a QUIC client's Initial packets.

import CCrypto

/// A version of QUIC whose Initial packets can be opened.
public enum QUICVersion: UInt32, Sendable, CaseIterable {
    /// RFC 9000 and 9001.
    case one = 0x0000_0001
    /// RFC 9369.
    case two = 0x6b33_43cf

    /// The salt that turns a connection identifier into secrets (RFC 9001 section 5.2, RFC 9369 section 3.3.1).
    var salt: [UInt8] {
        switch self {
        case .one:
            [
                0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc,
                0xbb, 0x7f, 0x0a,
            ]
        case .two:
            [
                0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9,
                0xbd, 0x2e, 0xd9,
            ]
        }
    }

    var labels: (key: StaticString, iv: StaticString, headerProtection: StaticString) {
        switch self {
        case .one: ("quic key", "quic iv", "quic hp")
        case .two: ("quicv2 key", "quicv2 iv", "quicv2 hp")
        }
    }
}

/// Key, nonce base and header protection key of one side's Initial packets.
package struct InitialSecrets {
    package private(set) var key = InlineArray<32, UInt8>(repeating: 0)
    package private(set) var iv = InlineArray<32, UInt8>(repeating: 0)
    package private(set) var headerProtection = InlineArray<32, UInt8>(repeating: 0)

    /// Derives them from the destination connection identifier of the client's first packet; nil when libcrypto refuses.
    package init?(version: QUICVersion, connectionID: UnsafeRawBufferPointer) {
        guard let initial = version.salt.withUnsafeBytes({ hmac(key: $0, connectionID) }),
            let client = expand(initial, "client in", 32), let key = expand(client, version.labels.key, 16),
            let iv = expand(client, version.labels.iv, 12),
            let headerProtection = expand(client, version.labels.headerProtection, 16)
        else { return nil }
        self.key = key
        self.iv = iv
        self.headerProtection = headerProtection
    }
}

/// HMAC-SHA-256, which is HKDF-Extract (RFC 5869 section 2.2) with the salt as key.
private func hmac(key: UnsafeRawBufferPointer, _ message: UnsafeRawBufferPointer) -> InlineArray<32, UInt8>? {
    var result = InlineArray<32, UInt8>(repeating: 0)
    let isDone = withUnsafeMutableBytes(of: &result) { output in
        HMAC(
            EVP_sha256(), key.baseAddress, CInt(key.count), message.bindMemory(to: UInt8.self).baseAddress,
            message.count, output.bindMemory(to: UInt8.self).baseAddress, nil) != nil
    }
    return isDone ? result : nil
}

/// HKDF-Expand-Label without context (RFC 8446 section 7.1), for at most 32 bytes: one block of HKDF-Expand.
private func expand(_ secret: InlineArray<32, UInt8>, _ label: StaticString, _ length: UInt8) -> InlineArray<32, UInt8>?
{
    var info = InlineArray<32, UInt8>(repeating: 0)
    var count = 0
    func append(_ byte: UInt8) {
        info[count] = byte
        count += 1
    }
    append(0)
    append(length)
    append(UInt8(6 + label.utf8CodeUnitCount))
    for text in ["tls13 ", label] as [StaticString] { text.withUTF8Buffer { $0.forEach(append) } }
    append(0)
    append(1)
    return withUnsafeBytes(of: secret) { key in
        withUnsafeBytes(of: info) { hmac(key: key, UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }
}
