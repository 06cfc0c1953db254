// Builds short texts (names, fingerprints) without allocating.

/// A text of at most `capacity` bytes. What does not fit is left out and remembered in `overflowed`.
struct TextBuilder<let capacity: Int> {
    private var storage = InlineArray<capacity, UInt8>(repeating: 0)
    private(set) var count = 0
    private(set) var overflowed = false

    mutating func clear() {
        count = 0
        overflowed = false
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        guard count < capacity else {
            overflowed = true
            return
        }
        storage[count] = byte
        count &+= 1
    }

    mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { for byte in $0 { append(byte) } }
    }

    /// Appends all unread bytes of a reader.
    mutating func append(_ reader: ApplicationReader) {
        for byte in reader.unread { append(byte) }
    }

    mutating func append(decimal value: UInt32) {
        var divisor: UInt32 = 1
        while value / divisor >= 10 { divisor &*= 10 }
        while divisor > 0 {
            append(0x30 &+ UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }

    /// Appends two hexadecimal digits.
    mutating func append(hexadecimal byte: UInt8, upperCase: Bool = false) {
        append(Self.digit(byte >> 4, upperCase))
        append(Self.digit(byte & 15, upperCase))
    }

    /// Appends four lower-case hexadecimal digits.
    mutating func append(hexadecimal code: UInt16) {
        append(hexadecimal: UInt8(truncatingIfNeeded: code >> 8))
        append(hexadecimal: UInt8(truncatingIfNeeded: code))
    }

    /// Appends the first `length` bytes of a digest as hexadecimal digits, with `separator` between bytes.
    mutating func append<let size: Int>(
        digest: InlineArray<size, UInt8>, length: Int = size, separator: StaticString = ""
    ) {
        for index in 0..<min(length, size) {
            if index > 0 { append(separator) }
            append(hexadecimal: digest[index])
        }
    }

    /// Hands out the text.
    func withText<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withUnsafeBytes(of: storage) { body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }

    private static func digit(_ value: UInt8, _ upperCase: Bool) -> UInt8 {
        value < 10 ? 0x30 &+ value : (upperCase ? 0x37 : 0x57) &+ value
    }
}
