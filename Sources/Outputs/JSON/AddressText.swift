// Addresses inside text that strangers wrote: host names, URLs, mail greetings.

import NetTypes
import Pseudonyms

/// Finds addresses in text and replaces them by their pseudonyms.
///
/// Found are dotted quads, quads with dashes as providers put them into host names, IPv6 addresses, and the names of
/// reverse zones, whole or in part (RFC 1035 section 3.5, RFC 3596 section 2.5); a part of an address is a prefix, and
/// pseudonyms keep prefixes. Addresses in other clothes, as one decimal number or in Base64, are not found.
enum AddressText {
    /// Whether a text can hold an address at all; cheap.
    static func mayContain(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.contains { isDigit($0) } && bytes.contains { $0 == 0x2e || $0 == 0x2d || $0 == 0x3a }
    }

    /// The text with pseudonyms.
    static func replace(in bytes: UnsafeRawBufferPointer, by pseudonyms: AddressPseudonyms) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 16)
        var start = 0
        while start < bytes.count {
            guard isPart(bytes[start]) else {
                result.append(bytes[start])
                start += 1
                continue
            }
            var end = start
            while end < bytes.count, isPart(bytes[end]) { end += 1 }
            let token = Array(bytes[start..<end])
            result += reverseName(token, pseudonyms) ?? version6(token, pseudonyms) ?? quads(token, pseudonyms)
            start = end
        }
        return result
    }

    /// Letters, digits and what joins them in names and addresses.
    private static func isPart(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x61...0x7a).contains(byte | 0x20) || byte == 0x2e || byte == 0x2d || byte == 0x3a
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    // MARK: Reverse zones

    private static func reverseName(_ token: [UInt8], _ pseudonyms: AddressPseudonyms) -> [UInt8]? {
        let labels = String(decoding: token, as: UTF8.self).lowercased().split(separator: ".")
        guard labels.count > 2, labels.last == "arpa" else { return nil }
        let parts = Array(labels.dropLast(2).reversed())
        let suffix = "." + labels.suffix(2).joined(separator: ".")
        switch labels[labels.count - 2] {
        case "in-addr":
            guard parts.count <= 4 else { return nil }
            let octets = parts.compactMap { UInt8($0) }
            guard octets.count == parts.count else { return nil }
            let bits = (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32($1 < octets.count ? octets[$1] : 0) }
            let mapped = UInt32(truncatingIfNeeded: pseudonyms.pseudonym(of: IPAddress(v4: bits)).low)
            let shown = octets.indices.map { "\(mapped >> UInt32(24 - 8 * $0) & 255)" }
            return Array((shown.reversed().joined(separator: ".") + suffix).utf8)
        case "ip6":
            guard parts.count <= 32 else { return nil }
            let digits = parts.compactMap { $0.utf8.count == 1 ? UInt64($0, radix: 16) : nil }
            guard digits.count == parts.count else { return nil }
            let word = { (first: Int) in
                (first..<(first + 16)).reduce(UInt64(0)) { $0 << 4 | ($1 < digits.count ? digits[$1] : 0) }
            }
            let mapped = pseudonyms.pseudonym(of: IPAddress(high: word(0), low: word(16), isIPv6: true))
            let shown = digits.indices.map { place in
                String((place < 16 ? mapped.high : mapped.low) >> UInt64(60 - 4 * (place & 15)) & 15, radix: 16)
            }
            return Array((shown.reversed().joined(separator: ".") + suffix).utf8)
        default: return nil
        }
    }

    // MARK: Literals

    private static func version6(_ token: [UInt8], _ pseudonyms: AddressPseudonyms) -> [UInt8]? {
        guard token.count(where: { $0 == 0x3a }) >= 2,
            let address = IPAddress(String(decoding: token, as: UTF8.self)), address.isIPv6
        else { return nil }
        return Array(pseudonyms.pseudonym(of: address).description.utf8)
    }

    /// Replaces every run of four numbers up to 255 with the same separator between them.
    private static func quads(_ token: [UInt8], _ pseudonyms: AddressPseudonyms) -> [UInt8] {
        var result: [UInt8] = []
        var place = 0
        while place < token.count {
            let isFresh = place == 0 || !isDigit(token[place - 1])
            if isFresh, let (octets, separator, length) = quad(token[place...]) {
                let bits = octets.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                let mapped = UInt32(truncatingIfNeeded: pseudonyms.pseudonym(of: IPAddress(v4: bits)).low)
                for shift in [UInt32(24), 16, 8, 0] {
                    result += Array("\(mapped >> shift & 255)".utf8)
                    if shift > 0 { result.append(separator) }
                }
                place += length
            } else {
                result.append(token[place])
                place += 1
            }
        }
        return result
    }

    /// The four numbers that a text begins with, what is between them and how long they are.
    private static func quad(_ text: ArraySlice<UInt8>) -> (octets: [UInt8], separator: UInt8, length: Int)? {
        var rest = text
        var octets: [UInt8] = []
        var separator: UInt8?
        while true {
            let digits = rest.prefix { isDigit($0) }
            guard (1...3).contains(digits.count), let octet = UInt8(String(decoding: digits, as: UTF8.self)) else {
                return nil
            }
            octets.append(octet)
            rest = rest.dropFirst(digits.count)
            if octets.count == 4 { break }
            guard let next = rest.first, next == 0x2e || next == 0x2d, separator == nil || separator == next else {
                return nil
            }
            separator = next
            rest = rest.dropFirst()
        }
        return separator.map { (octets, $0, text.count - rest.count) }
    }
}
