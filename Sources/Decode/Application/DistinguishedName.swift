// Names of subjects and issuers in certificates.

/// Turns X.501 names into text.
enum DistinguishedName {
    /// The longest text: what a field of a record holds.
    typealias Text = TextBuilder<513>

    /// Writes a name as `C=US, O=Example, CN=example.org`: in the order of the certificate, values as they are, parts
    /// of one element joined by ` + `. The form that Suricata writes, so that searches and rules carry over.
    ///
    /// - Returns: false when the name was cut or malformed.
    static func write(_ name: DERReader.Element, to text: inout Text) -> Bool {
        var sets = name.elements
        while let set = sets.next() {
            guard set.tag == DERReader.Tag.set else { return false }
            if text.count > 0 { text.append(", ") }
            var pairs = set.elements
            var isFirst = true
            while let pair = pairs.next() {
                guard pair.isWhole, pair.tag == DERReader.Tag.sequence else { return false }
                if !isFirst { text.append(" + ") }
                isFirst = false
                guard write(pair: pair.elements, to: &text) else { return false }
            }
            guard set.isWhole else { return false }
        }
        return name.isWhole
    }

    private static func write(pair: DERReader, to text: inout Text) -> Bool {
        var pair = pair
        guard let identifier = pair.next(DERReader.Tag.objectIdentifier), let value = pair.next() else { return false }
        writeType(identifier.contents, to: &text)
        text.append(UInt8(ascii: "="))
        if value.tag == DERReader.Tag.bmpString {
            writeUTF16(value.contents, to: &text)
        } else {
            text.append(value.contents)
        }
        return true
    }

    /// The short name of an attribute type (RFC 4519 and common use), or its dotted form.
    private static func writeType(_ identifier: ApplicationReader, to text: inout Text) {
        if let name = shortName(identifier) {
            text.append(name)
        } else {
            writeDotted(identifier, to: &text)
        }
    }

    private static func shortName(_ identifier: ApplicationReader) -> StaticString? {
        if identifier.length == 3, identifier.peek(0) == 0x55, identifier.peek(1) == 0x04 {
            switch identifier.peek(2) {
            case 3: return "CN"
            case 4: return "SN"
            case 5: return "serialNumber"
            case 6: return "C"
            case 7: return "L"
            case 8: return "ST"
            case 9: return "STREET"
            case 10: return "O"
            case 11: return "OU"
            case 12: return "title"
            case 13: return "description"
            case 15: return "businessCategory"
            case 17: return "postalCode"
            case 42: return "GN"
            case 43: return "initials"
            case 46: return "dnQualifier"
            case 65: return "pseudonym"
            default: return nil
            }
        }
        // 1.2.840.113549.1.9.1
        if identifier.length == 9, matches(identifier, emailAddress) { return "emailAddress" }
        // 0.9.2342.19200300.100.1.25 and .1
        if identifier.length == 10, matches(identifier, pilotAttribute) {
            if identifier.peek(9) == 25 { return "DC" }
            if identifier.peek(9) == 1 { return "UID" }
        }
        return nil
    }

    private static let emailAddress: InlineArray<9, UInt8> = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01]
    private static let pilotAttribute: InlineArray<9, UInt8> = [0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01]

    private static func matches(_ identifier: ApplicationReader, _ prefix: InlineArray<9, UInt8>) -> Bool {
        for index in prefix.indices where identifier.peek(index) != prefix[index] { return false }
        return true
    }

    private static func writeDotted(_ identifier: ApplicationReader, to text: inout Text) {
        var reader = identifier
        var arc: UInt32 = 0
        var isFirst = true
        while let byte = reader.uint8() {
            // Arcs past 32 bits wrap around; no attribute type has them.
            arc = arc << 7 | UInt32(byte & 0x7f)
            if byte & 0x80 != 0 { continue }
            if isFirst {
                let top = min(arc / 40, 2)
                text.append(decimal: top)
                arc -= top * 40
                isFirst = false
            }
            text.append(UInt8(ascii: "."))
            text.append(decimal: arc)
            arc = 0
        }
    }

    /// UTF-16 big-endian to UTF-8; a BMPString has no surrogates, so an unpaired one becomes U+FFFD.
    private static func writeUTF16(_ contents: ApplicationReader, to text: inout Text) {
        var reader = contents
        while let unit = reader.uint16() {
            let scalar = Unicode.Scalar(unit) ?? "\u{FFFD}"
            for byte in UTF8.encode(scalar).unsafelyUnwrapped { text.append(byte) }
        }
    }
}
