// Strings that strangers chose: escaped so that every line is valid, one line, and harmless to look at.

extension JSONWriter {
    /// Appends quoted text.
    mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { string(UnsafeRawBufferPointer($0)) }
    }

    /// Appends quoted bytes.
    ///
    /// - Quotation mark, backslash and control characters are escaped as RFC 8259 asks.
    /// - DEL, the C1 controls, U+2028, U+2029 and the bidirectional controls (Unicode Standard Annex 9) become \u
    ///   escapes: legal in JSON, but they break lines or reorder text where a log is looked at.
    /// - A byte that is not part of valid UTF-8 (RFC 3629) becomes the text \xNN, as Suricata writes it. Such text can
    ///   also come from a sender who wrote a backslash; the log does not tell the two apart.
    /// - With pseudonyms, addresses in the text are replaced (`AddressText`).
    mutating func string(_ bytes: UnsafeRawBufferPointer) {
        buffer.append(UInt8(ascii: "\""))
        if let pseudonyms, AddressText.mayContain(bytes) {
            AddressText.replace(in: bytes, by: pseudonyms).withUnsafeBytes { append(escaping: terse($0)) }
        } else {
            append(escaping: terse(bytes))
        }
        buffer.append(UInt8(ascii: "\""))
    }

    /// The part of a text that is written: in terse lines no more than 64 bytes of it.
    func terse(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        isTerse ? UnsafeRawBufferPointer(rebasing: bytes.prefix(64)) : bytes
    }

    private mutating func append(escaping bytes: UnsafeRawBufferPointer) {
        var index = 0
        while index < bytes.count {
            if bytes.count - index >= 8 {
                let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                if Self.isPlain(word) {
                    buffer.append(word: word)
                    index += 8
                    continue
                }
            }
            index += append(escapingOneAt: index, of: bytes)
        }
    }

    /// Whether each of eight bytes may stand in a string as it is: printable ASCII other than quotation mark and
    /// backslash.
    ///
    /// Finds a zero byte in a word as in Warren, Hacker's Delight, section 6-1; a false alarm after a true one is
    /// harmless.
    @inline(__always)
    static func isPlain(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        let quotation = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5c)
        let delete = word ^ (ones &* 0x7f)
        let control = (word &- ones &* 0x20) & ~word
        let found =
            word | control | (quotation &- ones) & ~quotation | (backslash &- ones) & ~backslash
            | (delete &- ones) & ~delete
        return found & highs == 0
    }

    /// Appends the character at `index` and returns its length in bytes.
    private mutating func append(escapingOneAt index: Int, of bytes: UnsafeRawBufferPointer) -> Int {
        let byte = bytes[index]
        if byte < 0x80 {
            append(ascii: byte)
            return 1
        }
        let (scalar, length) = Self.scalar(at: index, of: bytes)
        if length == 0 {
            buffer.append("\\\\x")
            buffer.append(hexadecimal: byte)
            return 1
        }
        if Self.isUnsafe(scalar) || isASCII && scalar < 0x10000 {
            append(unicodeEscape: scalar)
        } else if isASCII {
            append(unicodeEscape: 0xd800 + (scalar - 0x10000) >> 10)
            append(unicodeEscape: 0xdc00 + (scalar - 0x10000) & 0x3ff)
        } else {
            buffer.append(UnsafeRawBufferPointer(rebasing: bytes[index..<(index + length)]))
        }
        return length
    }

    private mutating func append(ascii byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): buffer.append("\\\"")
        case UInt8(ascii: "\\"): buffer.append("\\\\")
        case 0x08: buffer.append("\\b")
        case 0x09: buffer.append("\\t")
        case 0x0a: buffer.append("\\n")
        case 0x0c: buffer.append("\\f")
        case 0x0d: buffer.append("\\r")
        case 0..<0x20, 0x7f: append(unicodeEscape: UInt32(byte))
        default: buffer.append(byte)
        }
    }

    /// Appends \uNNNN for a scalar of the basic plane.
    private mutating func append(unicodeEscape scalar: UInt32) {
        buffer.append("\\u")
        buffer.append(hexadecimal: UInt8(truncatingIfNeeded: scalar >> 8))
        buffer.append(hexadecimal: UInt8(truncatingIfNeeded: scalar))
    }

    /// Whether a scalar outside ASCII is better not shown as it is: C1 controls, line and paragraph separator, and the
    /// characters with the property Bidi_Control.
    static func isUnsafe(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x80..<0xa0, 0x61c, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069: true
        default: false
        }
    }

    /// Decodes the UTF-8 sequence at `index`; length zero when it is none (RFC 3629, section 4).
    static func scalar(at index: Int, of bytes: UnsafeRawBufferPointer) -> (scalar: UInt32, length: Int) {
        let first = UInt32(bytes[index])
        let length: Int
        var scalar: UInt32
        /// The smallest scalar that needs this length; a smaller one is an overlong form.
        let minimum: UInt32
        switch first {
        case 0xc2...0xdf: (length, scalar, minimum) = (2, first & 0x1f, 0x80)
        case 0xe0...0xef: (length, scalar, minimum) = (3, first & 0x0f, 0x800)
        case 0xf0...0xf4: (length, scalar, minimum) = (4, first & 0x07, 0x10000)
        default: return (0, 0)
        }
        guard index + length <= bytes.count else { return (0, 0) }
        for offset in 1..<length {
            let byte = UInt32(bytes[index + offset])
            guard byte & 0xc0 == 0x80 else { return (0, 0) }
            scalar = scalar << 6 | byte & 0x3f
        }
        guard scalar >= minimum, scalar <= 0x10ffff, !(0xd800...0xdfff).contains(scalar) else { return (0, 0) }
        return (scalar, length)
    }
}
