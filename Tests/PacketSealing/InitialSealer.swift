// Makes QUIC Initial packets: what tests and fuzzing send, since nothing made at random would open.

import CCrypto
import PacketProtection

/// Writes the Initial packets of a client and protects them (RFC 9000 section 17.2.2, RFC 9001 section 5).
public struct InitialSealer {
    private let version: QUICVersion
    private let connectionID: [UInt8]
    private let secrets: InitialSecrets

    /// - Parameters:
    ///   - connectionID: destination identifier in every header, at most 20 bytes.
    ///   - keysOf: the destination identifier of the client's first packet; the same by default.
    public init(version: QUICVersion, connectionID: [UInt8], keysOf first: [UInt8]? = nil) {
        self.version = version
        self.connectionID = connectionID
        secrets = (first ?? connectionID).withUnsafeBytes { InitialSecrets(version: version, connectionID: $0)! }
    }

    /// A packet that holds `frames`, padded to `padding` bytes of them at least. Four bytes of padding are the fewest
    /// that leave a sample for header protection.
    ///
    /// - Parameters:
    ///   - number: the packet number.
    ///   - numberLength: bytes it is written with, 1 to 4.
    ///   - token: what a Retry gave.
    public func seal(
        _ frames: [UInt8], number: UInt32 = 0, numberLength: Int = 4, padding: Int = 4, token: [UInt8] = []
    ) -> [UInt8] {
        let plain = frames + [UInt8](repeating: 0, count: max(0, padding - frames.count))
        let type: UInt8 = version == .one ? 0 : 1
        var packet: [UInt8] = [0xc0 | type << 4 | UInt8(numberLength - 1)]
        packet += Self.bigEndian(version.rawValue, 4)
        packet += [UInt8(connectionID.count)] + connectionID + [0]
        packet += Self.variable(token.count) + token
        packet += Self.variable(numberLength + plain.count + 16)
        let numberOffset = packet.count
        packet += Self.bigEndian(number, numberLength)
        packet += encrypt(plain, header: packet, number: number)
        let mask = mask(Array(packet[(numberOffset + 4)..<(numberOffset + 20)]))
        packet[0] ^= mask[0] & 0x0f
        for index in 0..<numberLength { packet[numberOffset + index] ^= mask[1 + index] }
        return packet
    }

    /// A CRYPTO frame (RFC 9000 section 19.6).
    public static func crypto(_ bytes: [UInt8], at offset: Int) -> [UInt8] {
        [0x06] + variable(offset) + variable(bytes.count) + bytes
    }

    /// A variable-length integer below 2^30 (RFC 9000 section 16).
    public static func variable(_ value: Int) -> [UInt8] {
        switch value {
        case ..<0x40: [UInt8(value)]
        case ..<0x4000: bigEndian(UInt32(value) | 0x4000, 2)
        default: bigEndian(UInt32(value) | 0x8000_0000, 4)
        }
    }

    private static func bigEndian(_ value: UInt32, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> UInt32($0 * 8)) }
    }

    /// AES-128-GCM with the header as associated data; the tag stands behind.
    private func encrypt(_ plain: [UInt8], header: [UInt8], number: UInt32) -> [UInt8] {
        let context = EVP_CIPHER_CTX_new()
        defer { EVP_CIPHER_CTX_free(context) }
        var nonce = (0..<12).map { secrets.iv[$0] }
        for index in 0..<4 { nonce[8 + index] ^= UInt8(truncatingIfNeeded: number >> UInt32((3 - index) * 8)) }
        var output = [UInt8](repeating: 0, count: plain.count + 16)
        var written: CInt = 0
        let isDone = output.withUnsafeMutableBufferPointer { output in
            EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), nil, (0..<16).map { secrets.key[$0] }, nonce) == 1
                && EVP_EncryptUpdate(context, nil, &written, header, CInt(header.count)) == 1
                && EVP_EncryptUpdate(context, output.baseAddress, &written, plain, CInt(plain.count)) == 1
                && EVP_EncryptFinal_ex(context, output.baseAddress, &written) == 1
                && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, output.baseAddress! + plain.count) == 1
        }
        precondition(isDone, "libcrypto encrypts")
        return output
    }

    private func mask(_ sample: [UInt8]) -> [UInt8] {
        let context = EVP_CIPHER_CTX_new()
        defer { EVP_CIPHER_CTX_free(context) }
        var mask = [UInt8](repeating: 0, count: 32)
        var written: CInt = 0
        let isDone =
            EVP_EncryptInit_ex(context, EVP_aes_128_ecb(), nil, (0..<16).map { secrets.headerProtection[$0] }, nil) == 1
            && EVP_EncryptUpdate(context, &mask, &written, sample, 16) == 1
        precondition(isDone, "libcrypto encrypts")
        return mask
    }
}
