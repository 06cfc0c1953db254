// Takes the protection off QUIC Initial packets (RFC 9001 section 5).

import CCrypto

/// Opens the Initial packets of QUIC clients. Their keys come from the packets themselves: this protects against accidents
/// on the way, not against readers.
///
/// Holds libcrypto's contexts and one buffer, and is therefore made only when a QUIC packet is there. One thread at a time.
public final class InitialOpener {
    /// The longest packet that is opened: more than any client sends in a datagram on a usual link.
    public static let maximumLength = 16_384

    private static let tagLength = 16
    private static let sampleLength = 16

    private let header: OpaquePointer
    private let content: OpaquePointer
    private let buffer: UnsafeMutableRawBufferPointer

    /// nil when libcrypto has no memory left.
    public init?() {
        guard let header = EVP_CIPHER_CTX_new() else { return nil }
        guard let content = EVP_CIPHER_CTX_new() else {
            EVP_CIPHER_CTX_free(header)
            return nil
        }
        self.header = header
        self.content = content
        buffer = .allocate(byteCount: Self.maximumLength, alignment: 16)
    }

    deinit {
        EVP_CIPHER_CTX_free(header)
        EVP_CIPHER_CTX_free(content)
        buffer.deallocate()
    }

    /// Opens a packet that a client sent.
    ///
    /// - Parameters:
    ///   - packet: header and protected payload, to its end.
    ///   - numberOffset: where in it the packet number starts.
    ///   - version: gives salt and labels.
    ///   - connectionID: destination connection identifier of the client's first packet.
    ///   - body: gets the frames, which must not escape it.
    /// - Returns: nil when the packet is not authentic under these keys, or too short or long.
    public func open<Result>(
        _ packet: UnsafeRawBufferPointer, numberOffset: Int, version: QUICVersion, connectionID: UnsafeRawBufferPointer,
        _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result? {
        guard packet.count <= Self.maximumLength, numberOffset > 0,
            numberOffset + 4 + Self.sampleLength <= packet.count,
            let secrets = InitialSecrets(version: version, connectionID: connectionID),
            let mask = mask(
                UnsafeRawBufferPointer(rebasing: packet[(numberOffset + 4)..<(numberOffset + 4 + Self.sampleLength)]),
                secrets)
        else { return nil }
        buffer.copyMemory(from: packet)
        buffer[0] ^= mask[0] & 0x0f
        let numberLength = Int(buffer[0] & 3) + 1
        var nonce = secrets.iv
        for index in 0..<numberLength {
            buffer[numberOffset + index] ^= mask[1 + index]
            // The first packets of a connection have small numbers, whose upper bytes are zero.
            nonce[12 - numberLength + index] ^= buffer[numberOffset + index]
        }
        let start = numberOffset + numberLength
        let length = packet.count - start - Self.tagLength
        guard length > 0, decrypt(start: start, length: length, secrets, nonce) else { return nil }
        return body(UnsafeRawBufferPointer(rebasing: buffer[start..<(start + length)]))
    }

    /// The mask of header protection: AES-128 of a sample (RFC 9001 section 5.4.3).
    private func mask(_ sample: UnsafeRawBufferPointer, _ secrets: InitialSecrets) -> InlineArray<16, UInt8>? {
        var mask = InlineArray<16, UInt8>(repeating: 0)
        var written: CInt = 0
        let isDone = withUnsafeBytes(of: secrets.headerProtection) { key in
            withUnsafeMutableBytes(of: &mask) { output in
                EVP_EncryptInit_ex(
                    header, EVP_aes_128_ecb(), nil, key.bindMemory(to: UInt8.self).baseAddress, nil) == 1
                    && EVP_CIPHER_CTX_set_padding(header, 0) == 1
                    && EVP_EncryptUpdate(
                        header, output.bindMemory(to: UInt8.self).baseAddress, &written,
                        sample.bindMemory(to: UInt8.self).baseAddress, CInt(sample.count)) == 1
            }
        }
        return isDone && written == 16 ? mask : nil
    }

    /// AES-128-GCM in place, with the header as associated data (RFC 9001 section 5.3).
    private func decrypt(
        start: Int, length: Int, _ secrets: InitialSecrets, _ nonce: InlineArray<32, UInt8>
    ) -> Bool {
        let bytes = buffer.bindMemory(to: UInt8.self).baseAddress!
        var written: CInt = 0
        return withUnsafeBytes(of: secrets.key) { key in
            withUnsafeBytes(of: nonce) { nonce in
                EVP_DecryptInit_ex(
                    content, EVP_aes_128_gcm(), nil, key.bindMemory(to: UInt8.self).baseAddress,
                    nonce.bindMemory(to: UInt8.self).baseAddress) == 1
                    && EVP_DecryptUpdate(content, nil, &written, bytes, CInt(start)) == 1
                    && EVP_DecryptUpdate(content, bytes + start, &written, bytes + start, CInt(length)) == 1
                    && EVP_CIPHER_CTX_ctrl(
                        content, EVP_CTRL_AEAD_SET_TAG, CInt(Self.tagLength), bytes + start + length) == 1
                    && EVP_DecryptFinal_ex(content, bytes + start + length, &written) == 1
            }
        }
    }
}
