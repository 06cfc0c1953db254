// Numbers as text, without allocation.

/// The numbers 00 to 99, two bytes each.
private let digitPairs: StaticString = """
    0001020304050607080910111213141516171819\
    2021222324252627282930313233343536373839\
    4041424344454647484950515253545556575859\
    6061626364656667686970717273747576777879\
    8081828384858687888990919293949596979899
    """

private let hexadecimalDigits: StaticString = "0123456789abcdef"

extension ByteCursor {
    /// Two decimal digits.
    @inline(__always)
    mutating func put(pair value: Int) {
        precondition(value >= 0 && value < 100)
        let pair = UnsafeRawPointer(digitPairs.utf8Start).loadUnaligned(fromByteOffset: value * 2, as: UInt16.self)
        put(UInt16(littleEndian: pair))
    }

    /// A number below 256 in decimal.
    @inline(__always)
    mutating func put(octet value: UInt32) {
        if value < 10 {
            put(UInt8(truncatingIfNeeded: value) + 48)
        } else if value < 100 {
            put(pair: Int(value))
        } else {
            put(UInt8(truncatingIfNeeded: value / 100) + 48)
            put(pair: Int(value % 100))
        }
    }

    /// Two lower-case hexadecimal digits.
    @inline(__always)
    mutating func put(hexadecimal byte: UInt8) {
        let digits = hexadecimalDigits.utf8Start
        put(UInt16(digits[Int(byte >> 4)]) | UInt16(digits[Int(byte & 15)]) << 8)
    }

    /// A number below 10,000 in decimal, without zeros in front.
    @inline(__always)
    mutating func put(small value: Int) {
        if value < 100 {
            put(octet: UInt32(truncatingIfNeeded: value))
        } else {
            let hundreds = value / 100
            put(octet: UInt32(truncatingIfNeeded: hundreds))
            put(pair: value - hundreds * 100)
        }
    }

    /// Exactly four decimal digits.
    @inline(__always)
    mutating func put(four value: Int) {
        let hundreds = value / 100
        put(pair: hundreds)
        put(pair: value - hundreds * 100)
    }
}

extension LineBuffer {
    /// Appends an unsigned number in decimal.
    @inline(__always)
    public mutating func append(decimal value: UInt64) {
        append(atMost: 24) { cursor in
            if value < 10_000 {
                cursor.put(small: Int(value))
            } else {
                Self.put(long: value, into: &cursor)
            }
        }
    }

    /// Appends a signed number in decimal.
    @inline(__always)
    public mutating func append(decimal value: Int64) {
        if value < 0 { append(UInt8(ascii: "-")) }
        append(decimal: value.magnitude)
    }

    @inline(never)
    private static func put(long value: UInt64, into cursor: inout ByteCursor) {
        let upper = value / 10_000
        if upper < 10_000 {
            cursor.put(small: Int(upper))
        } else {
            put(long: upper, into: &cursor)
        }
        cursor.put(four: Int(value - upper * 10_000))
    }

    /// Appends thousandths as a decimal fraction without trailing zeros: 1500 is "1.5", 2000 is "2".
    mutating func append(thousandths value: Int64) {
        if value < 0 { append(UInt8(ascii: "-")) }
        append(decimal: value.magnitude / 1000)
        var fraction = Int(value.magnitude % 1000)
        guard fraction > 0 else { return }
        append(UInt8(ascii: "."))
        while fraction > 0 {
            append(UInt8(truncatingIfNeeded: fraction / 100) + 48)
            fraction = fraction % 100 * 10
        }
    }

    /// Appends two lower-case hexadecimal digits.
    @inline(__always)
    mutating func append(hexadecimal byte: UInt8) {
        append(atMost: 2) { $0.put(hexadecimal: byte) }
    }
}
