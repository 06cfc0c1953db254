// The TLS ServerHello (RFC 8446 section 4.1.3, RFC 5246 section 7.4.1.3).

import NetTypes

/// A ServerHello, as far as its bytes are there. Borrows them.
struct ServerHello {
    private(set) var legacyVersion: UInt16 = 0
    /// The version chosen: supported_versions, or the version field where that is absent.
    private(set) var version: UInt16 = 0
    private(set) var cipherSuite: UInt16 = 0
    private(set) var applicationProtocol: ApplicationReader?
    /// The server took a pre-shared key of the client: a resumed session of TLS 1.3.
    private(set) var hasPreSharedKey = false
    /// The message asks for another ClientHello (RFC 8446 section 4.1.4).
    private(set) var isRetryRequest = false
    private(set) var verdict = MessageVerdict.whole
    private var extensions = ApplicationReader.empty

    /// Whether cipher suite and version were there.
    var isUsable: Bool { version != 0 }

    /// Reads a ServerHello.
    ///
    /// - Parameters:
    ///   - body: the message behind its four bytes of handshake header.
    ///   - isCut: whether the message goes on behind `body`.
    init(_ body: ApplicationReader, isCut: Bool) {
        let broken: MessageVerdict = isCut ? .partial : .malformed
        var reader = body
        guard let version = reader.uint16(), version >> 8 == 3, let random = reader.take(32),
            let sessionLength = reader.uint8(), reader.skip(Int(sessionLength)), let cipher = reader.uint16(),
            reader.skip(1)
        else {
            verdict = broken
            return
        }
        legacyVersion = version
        self.version = version
        cipherSuite = cipher
        isRetryRequest = Self.isRetry(random)
        guard !reader.isAtEnd else {
            if isCut { verdict = .partial }
            return
        }
        guard let extensionBytes = reader.uint16() else {
            verdict = broken
            return
        }
        extensions = reader.takeAvailable(Int(extensionBytes))
        if extensions.length < Int(extensionBytes) { verdict = broken }
        readExtensions()
    }

    private mutating func readExtensions() {
        var reader = extensions
        while let type = reader.uint16(), let length = reader.uint16(), var value = reader.take(Int(length)) {
            switch type {
            case TLSExtension.supportedVersions:
                if let chosen = value.uint16() { version = chosen }
            case TLSExtension.preSharedKey:
                hasPreSharedKey = true
            case TLSExtension.applicationProtocols:
                if value.skip(2), let length = value.uint8() { applicationProtocol = value.take(Int(length)) }
            default: break
            }
        }
    }

    /// The random value that marks a HelloRetryRequest: the SHA-256 of that word.
    private static func isRetry(_ random: ApplicationReader) -> Bool {
        let mark: InlineArray<4, UInt64> = [
            0xcf21_ad74_e59a_6111, 0xbe1d_8c02_1e65_b891, 0xc2a2_1116_7abb_8c5e, 0x079e_09e2_c8a8_339c,
        ]
        var reader = random
        for index in mark.indices {
            guard let high = reader.uint32(), let low = reader.uint32(),
                UInt64(high) << 32 | UInt64(low) == mark[index]
            else { return false }
        }
        return true
    }

    /// Writes the fields of a record.
    func write(to fields: inout FieldWriter) {
        guard isUsable else { return }
        fields.append(.tlsVersion, version)
        fields.append(.tlsCipherSuite, cipherSuite)
        if let applicationProtocol { fields.append(.tlsServerALPN, applicationProtocol.unread) }
        if hasPreSharedKey { fields.append(.tlsResumed, UInt8(1)) }
        if case .whole = verdict { writeJA3S(to: &fields) }
    }

    /// Writes the JA3S string and its MD5: version, cipher and extensions as decimal numbers (Althouse, Atkinson,
    /// Atkins: TLS Fingerprinting with JA3 and JA3S, 2019).
    private func writeJA3S(to fields: inout FieldWriter) {
        var text = TextBuilder<2048>()
        text.append(decimal: UInt32(legacyVersion))
        text.append(UInt8(ascii: ","))
        text.append(decimal: UInt32(cipherSuite))
        text.append(UInt8(ascii: ","))
        var reader = extensions
        var isFirst = true
        while let type = reader.uint16(), let length = reader.uint16() {
            _ = reader.takeAvailable(Int(length))
            if !isFirst { text.append(UInt8(ascii: "-")) }
            isFirst = false
            text.append(decimal: UInt32(type))
        }
        JA3.write(text, string: .tlsJA3S, hash: .tlsJA3SHash, to: &fields)
    }
}
