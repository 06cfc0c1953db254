// The server's certificate in the clear (X.509 after RFC 5280), as TLS 1.2 and older send it.

import Digest
import NetTypes

/// Reads the first certificate of a Certificate message.
enum Certificate {
    /// Alternative names that a record holds.
    static let maximumNames = 20

    /// Writes the fields of the first certificate.
    ///
    /// - Parameters:
    ///   - body: the Certificate message behind its four bytes of handshake header (RFC 5246 section 7.4.2).
    ///   - isCut: whether the message goes on behind `body`.
    ///   - fields: where the fields go.
    static func write(_ body: ApplicationReader, isCut: Bool, to fields: inout FieldWriter) -> MessageVerdict {
        let broken: MessageVerdict = isCut ? .partial : .malformed
        var reader = body
        guard let listLength = reader.uint24() else { return broken }
        guard listLength > 0 else { return .whole }
        guard let length = reader.uint24() else { return broken }
        let encoded = reader.takeAvailable(length)
        let isWhole = encoded.length == length
        guard isWhole || isCut else { return .malformed }
        if isWhole {
            var text = TextBuilder<59>()
            text.append(digest: SHA1.digest(of: encoded.unread), separator: ":")
            text.withText { fields.append(.tlsFingerprint, $0) }
        }
        guard writeContents(encoded, to: &fields) else { return isWhole ? .malformed : .partial }
        return isWhole ? .whole : .partial
    }

    /// Writes what stands in the part that the issuer signs; false when something is missing or malformed.
    private static func writeContents(_ encoded: ApplicationReader, to fields: inout FieldWriter) -> Bool {
        var outer = DERReader(encoded)
        guard var certificate = outer.next(DERReader.Tag.sequence)?.elements,
            var signed = certificate.next(DERReader.Tag.sequence)?.elements
        else { return false }
        if signed.nextTag == DERReader.Tag.version { _ = signed.next() }
        guard let serial = signed.next(DERReader.Tag.integer), serial.isWhole else { return false }
        writeSerial(serial.contents, to: &fields)
        guard let algorithm = signed.next(DERReader.Tag.sequence), algorithm.isWhole,
            let issuer = signed.next(DERReader.Tag.sequence),
            writeName(.tlsIssuer, issuer, to: &fields),
            let validity = signed.next(DERReader.Tag.sequence),
            writeValidity(validity.elements, to: &fields),
            let subject = signed.next(DERReader.Tag.sequence),
            writeName(.tlsSubject, subject, to: &fields)
        else { return false }
        while let element = signed.next() {
            if element.tag == DERReader.Tag.extensions {
                return writeAlternativeNames(element, to: &fields)
            }
            guard element.isWhole else { return false }
        }
        return true
    }

    private static func writeSerial(_ contents: ApplicationReader, to fields: inout FieldWriter) {
        var text = TextBuilder<128>()
        for byte in contents.unread {
            if text.count > 0 { text.append(UInt8(ascii: ":")) }
            text.append(hexadecimal: byte, upperCase: true)
        }
        text.withText { fields.append(.tlsSerial, $0) }
    }

    private static func writeName(
        _ field: ApplicationField, _ name: DERReader.Element, to fields: inout FieldWriter
    ) -> Bool {
        var text = DistinguishedName.Text()
        let isWhole = DistinguishedName.write(name, to: &text)
        // Half a name would look like another name.
        if isWhole { text.withText { fields.append(field, $0) } }
        return isWhole
    }

    private static func writeValidity(_ validity: DERReader, to fields: inout FieldWriter) -> Bool {
        var validity = validity
        guard let notBefore = validity.next(), let start = CertificateTime.seconds(notBefore) else { return false }
        fields.append(.tlsNotBefore, start)
        guard let notAfter = validity.next(), let end = CertificateTime.seconds(notAfter) else { return false }
        fields.append(.tlsNotAfter, end)
        return true
    }

    /// Subject alternative names of type dNSName (RFC 5280 section 4.2.1.6).
    private static func writeAlternativeNames(_ wrapper: DERReader.Element, to fields: inout FieldWriter) -> Bool {
        var wrapped = wrapper.elements
        guard var extensions = wrapped.next(DERReader.Tag.sequence)?.elements else { return false }
        while let element = extensions.next(DERReader.Tag.sequence) {
            var parts = element.elements
            guard let identifier = parts.next(DERReader.Tag.objectIdentifier) else { return false }
            // 2.5.29.17
            guard identifier.contents.starts(with: "\u{55}\u{1D}\u{11}"), identifier.contents.length == 3 else {
                guard element.isWhole else { return false }
                continue
            }
            if parts.nextTag != DERReader.Tag.octetString { _ = parts.next() }
            guard var value = parts.next(DERReader.Tag.octetString)?.elements,
                var names = value.next(DERReader.Tag.sequence)?.elements
            else { return false }
            var written = 0
            while let name = names.next(), name.isWhole {
                guard name.tag == DERReader.Tag.dnsName else { continue }
                guard written < maximumNames else { return false }
                fields.append(.tlsSubjectAlternativeName, name.contents.unread)
                written += 1
            }
            return element.isWhole
        }
        return wrapper.isWhole
    }
}
