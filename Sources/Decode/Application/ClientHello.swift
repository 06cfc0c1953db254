// The TLS ClientHello (RFC 8446 section 4.1.2, RFC 5246 section 7.4.1.2).

import NetTypes

/// Extension types that are looked into.
enum TLSExtension {
    static let serverName: UInt16 = 0
    static let supportedGroups: UInt16 = 10
    static let pointFormats: UInt16 = 11
    static let signatureAlgorithms: UInt16 = 13
    static let applicationProtocols: UInt16 = 16
    static let preSharedKey: UInt16 = 41
    static let supportedVersions: UInt16 = 43
}

/// A ClientHello, as far as its bytes are there. Borrows them.
struct ClientHello {
    /// The version field of the message itself, which stays at TLS 1.2 in TLS 1.3.
    private(set) var legacyVersion: UInt16 = 0
    private(set) var ciphers = ApplicationReader.empty
    private(set) var extensions = ApplicationReader.empty
    private(set) var groups = ApplicationReader.empty
    private(set) var pointFormats = ApplicationReader.empty
    private(set) var signatureAlgorithms = ApplicationReader.empty
    private(set) var supportedVersions = ApplicationReader.empty
    private(set) var hasServerNameExtension = false
    private(set) var serverName: ApplicationReader?
    /// The first protocol offered; nil without the extension, empty when its list is.
    private(set) var firstALPN: ApplicationReader?
    /// Whether everything that fingerprints are made of was there.
    private(set) var isFingerprintable = false
    private(set) var verdict = MessageVerdict.whole

    /// Reads a ClientHello.
    ///
    /// - Parameters:
    ///   - body: the message behind its four bytes of handshake header.
    ///   - isCut: whether the message goes on behind `body`.
    init(_ body: ApplicationReader, isCut: Bool) {
        let broken: MessageVerdict = isCut ? .partial : .malformed
        var reader = body
        guard let version = reader.uint16(), version >> 8 == 3, reader.skip(32), let sessionLength = reader.uint8(),
            reader.skip(Int(sessionLength)), let cipherBytes = reader.uint16(), cipherBytes % 2 == 0
        else {
            verdict = broken
            return
        }
        legacyVersion = version
        ciphers = reader.takeAvailable(Int(cipherBytes))
        guard ciphers.length == Int(cipherBytes), let compressionMethods = reader.uint8(),
            reader.skip(Int(compressionMethods))
        else {
            verdict = broken
            return
        }
        guard !reader.isAtEnd || isCut else {
            // Before TLS 1.2 a hello may end here.
            isFingerprintable = true
            return
        }
        guard let extensionBytes = reader.uint16() else {
            verdict = broken
            return
        }
        extensions = reader.takeAvailable(Int(extensionBytes))
        readExtensions(declared: Int(extensionBytes), broken: broken)
    }

    private mutating func readExtensions(declared: Int, broken: MessageVerdict) {
        var reader = extensions
        while reader.offset < declared {
            guard let type = reader.uint16(), let length = reader.uint16() else {
                verdict = broken
                return
            }
            let value = reader.takeAvailable(Int(length))
            if value.length < Int(length) {
                verdict = broken
                // A last extension that nothing is read from, such as padding, may be cut: its type is known.
                isFingerprintable = reader.offset + Int(length) - value.length == declared && !isRead(type)
                return
            }
            guard read(type, value) else {
                verdict = .malformed
                return
            }
        }
        isFingerprintable = true
    }

    private func isRead(_ type: UInt16) -> Bool {
        switch type {
        case TLSExtension.supportedGroups, TLSExtension.pointFormats, TLSExtension.signatureAlgorithms,
            TLSExtension.applicationProtocols, TLSExtension.supportedVersions:
            true
        default: false
        }
    }

    /// Reads one extension; false when it is malformed.
    private mutating func read(_ type: UInt16, _ value: ApplicationReader) -> Bool {
        var reader = value
        switch type {
        case TLSExtension.serverName:
            hasServerNameExtension = true
            guard !reader.isAtEnd else { return true }
            guard reader.skip(2), let nameType = reader.uint8(), let length = reader.uint16(),
                let name = reader.take(Int(length))
            else { return false }
            if nameType == 0 { serverName = name }
        case TLSExtension.supportedGroups:
            guard let length = reader.uint16(), let list = reader.take(Int(length)) else { return false }
            groups = list
        case TLSExtension.signatureAlgorithms:
            guard let length = reader.uint16(), let list = reader.take(Int(length)) else { return false }
            signatureAlgorithms = list
        case TLSExtension.pointFormats:
            guard let length = reader.uint8(), let list = reader.take(Int(length)) else { return false }
            pointFormats = list
        case TLSExtension.supportedVersions:
            guard let length = reader.uint8(), let list = reader.take(Int(length)) else { return false }
            supportedVersions = list
        case TLSExtension.applicationProtocols:
            guard let listLength = reader.uint16(), var list = reader.take(Int(listLength)) else { return false }
            guard let length = list.uint8() else {
                firstALPN = .empty
                return true
            }
            guard let name = list.take(Int(length)) else { return false }
            firstALPN = name
        default: break
        }
        return true
    }

    /// The highest version offered: the largest of supported_versions, or the version field where there is none.
    var highestVersion: UInt16 {
        var reader = supportedVersions
        var highest: UInt16 = 0
        while let version = reader.uint16() {
            if !version.isGREASE { highest = max(highest, version) }
        }
        return highest > 0 ? highest : legacyVersion
    }

    /// Writes the fields of a record.
    ///
    /// - Parameter overQUIC: whether the hello came over QUIC instead of TCP.
    func write(overQUIC: Bool = false, to fields: inout FieldWriter) {
        if let serverName { fields.append(.tlsServerName, serverName.unread) }
        if let firstALPN, firstALPN.remaining > 0 { fields.append(.tlsClientALPN, firstALPN.unread) }
        guard isFingerprintable else { return }
        writeJA3(to: &fields)
        writeJA4(overQUIC: overQUIC, to: &fields)
    }
}
