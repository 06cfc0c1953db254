// JA4, the newer fingerprint of TLS clients, which does not depend on the order of extensions.

import Digest
import NetTypes

extension ClientHello {
    /// Writes the JA4 fingerprint (FoxIO: JA4+ Network Fingerprinting, technical details of JA4, 2023).
    ///
    /// - Parameter overQUIC: whether the hello came over QUIC instead of TCP.
    func writeJA4(overQUIC: Bool, to fields: inout FieldWriter) {
        var cipherList = CodeList()
        var cipherReader = ciphers
        while let code = cipherReader.uint16() {
            if !code.isGREASE { cipherList.append(code) }
        }
        var extensionList = CodeList()
        var extensionCount = 0
        var extensionReader = extensions
        while let type = extensionReader.uint16(), let length = extensionReader.uint16() {
            _ = extensionReader.takeAvailable(Int(length))
            if type.isGREASE { continue }
            extensionCount += 1
            if type != TLSExtension.serverName && type != TLSExtension.applicationProtocols {
                extensionList.append(type)
            }
        }
        guard !cipherList.overflowed, !extensionList.overflowed else { return }
        cipherList.sort()
        extensionList.sort()

        var text = TextBuilder<36>()
        text.append(overQUIC ? UInt8(ascii: "q") : UInt8(ascii: "t"))
        text.append(Self.versionCode(highestVersion))
        text.append(UInt8(ascii: hasServerNameExtension ? "d" : "i"))
        Self.append(count: cipherList.count, to: &text)
        Self.append(count: extensionCount, to: &text)
        appendALPN(to: &text)
        text.append(UInt8(ascii: "_"))
        Self.appendHash(cipherList, .empty, to: &text)
        text.append(UInt8(ascii: "_"))
        Self.appendHash(extensionList, signatureAlgorithms, to: &text)
        text.withText { fields.append(.tlsJA4, $0) }
    }

    private static func versionCode(_ version: UInt16) -> StaticString {
        switch version {
        case 0x0304: "13"
        case 0x0303: "12"
        case 0x0302: "11"
        case 0x0301: "10"
        case 0x0300: "s3"
        case 0x0002: "s2"
        default: "00"
        }
    }

    /// Two digits, at most 99.
    private static func append(count: Int, to text: inout TextBuilder<36>) {
        let shown = UInt8(min(count, 99))
        text.append(0x30 + shown / 10)
        text.append(0x30 + shown % 10)
    }

    /// First and last character of the first protocol offered, or of its hexadecimal form when one of the two is not
    /// alphanumeric.
    private func appendALPN(to text: inout TextBuilder<36>) {
        guard let firstALPN, let first = firstALPN.peek(), let last = firstALPN.peek(firstALPN.remaining - 1) else {
            text.append("00")
            return
        }
        if first.isASCIIAlphanumeric && last.isASCIIAlphanumeric {
            text.append(first)
            text.append(last)
        } else {
            let digits: StaticString = "0123456789abcdef"
            digits.withUTF8Buffer {
                text.append($0[Int(first >> 4)])
                text.append($0[Int(last & 15)])
            }
        }
    }

    /// The first 12 hexadecimal digits of the SHA-256 of the codes, and of a second list behind an underscore when it
    /// has any; zeros when there is nothing.
    private static func appendHash(
        _ codes: borrowing CodeList, _ second: ApplicationReader, to text: inout TextBuilder<36>
    ) {
        var hash = SHA256()
        var isEmpty = true
        func update(_ code: UInt16, separator: UInt8?) {
            var piece = TextBuilder<5>()
            if let separator { piece.append(separator) }
            piece.append(hexadecimal: code)
            piece.withText { hash.update($0) }
            isEmpty = false
        }
        for index in 0..<codes.count {
            update(codes[index], separator: index > 0 ? UInt8(ascii: ",") : nil)
        }
        var reader = second
        var separator = UInt8(ascii: "_")
        while let code = reader.uint16() {
            if code.isGREASE { continue }
            update(code, separator: separator)
            separator = UInt8(ascii: ",")
        }
        if isEmpty {
            text.append("000000000000")
        } else {
            text.append(digest: hash.finish(), length: 6)
        }
    }
}
