// JA3, the older fingerprint of TLS clients.

import Digest
import NetTypes

extension ClientHello {
    /// Writes the JA3 string and its MD5: version, ciphers, extensions, groups and point formats as decimal numbers,
    /// without GREASE (Althouse, Atkinson, Atkins: TLS Fingerprinting with JA3 and JA3S, 2019).
    func writeJA3(to fields: inout FieldWriter) {
        var text = TextBuilder<2048>()
        text.append(decimal: UInt32(legacyVersion))
        text.append(UInt8(ascii: ","))
        Self.appendCodes(ciphers, to: &text)
        text.append(UInt8(ascii: ","))
        Self.appendExtensionTypes(extensions, to: &text)
        text.append(UInt8(ascii: ","))
        Self.appendCodes(groups, to: &text)
        text.append(UInt8(ascii: ","))
        var formats = pointFormats
        var isFirst = true
        while let format = formats.uint8() {
            if !isFirst { text.append(UInt8(ascii: "-")) }
            isFirst = false
            text.append(decimal: UInt32(format))
        }
        JA3.write(text, string: .tlsJA3, hash: .tlsJA3Hash, to: &fields)
    }

    private static func appendCodes(_ list: ApplicationReader, to text: inout TextBuilder<2048>) {
        var reader = list
        var isFirst = true
        while let code = reader.uint16() {
            if code.isGREASE { continue }
            if !isFirst { text.append(UInt8(ascii: "-")) }
            isFirst = false
            text.append(decimal: UInt32(code))
        }
    }

    private static func appendExtensionTypes(_ extensions: ApplicationReader, to text: inout TextBuilder<2048>) {
        var reader = extensions
        var isFirst = true
        while let type = reader.uint16(), let length = reader.uint16() {
            _ = reader.takeAvailable(Int(length))
            if type.isGREASE { continue }
            if !isFirst { text.append(UInt8(ascii: "-")) }
            isFirst = false
            text.append(decimal: UInt32(type))
        }
    }
}

/// What JA3 and JA3S have in common.
enum JA3 {
    /// Writes a fingerprint string and its MD5; nothing when the string did not fit.
    static func write(
        _ text: borrowing TextBuilder<2048>, string: ApplicationField, hash: ApplicationField,
        to fields: inout FieldWriter
    ) {
        guard !text.overflowed else { return }
        let digest = text.withText { bytes in
            fields.append(string, bytes)
            return MD5.digest(of: bytes)
        }
        var hexadecimal = TextBuilder<32>()
        hexadecimal.append(digest: digest)
        hexadecimal.withText { fields.append(hash, $0) }
    }
}
