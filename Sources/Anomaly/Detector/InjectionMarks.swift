// Characters by which a request leaves the place that it was given: injection into queries, shells, paths and loggers.

/// Kinds of such characters in a text, one bit each.
struct InjectionMarks {
    private(set) var bits: UInt8 = 0

    private static let quote: UInt8 = 1
    private static let angleBracket: UInt8 = 2
    private static let shell: UInt8 = 4
    private static let expression: UInt8 = 8
    private static let upward: UInt8 = 16
    private static let control: UInt8 = 32
    private static let comment: UInt8 = 64
    private static let needlesslyEncoded: UInt8 = 128

    init() {}

    mutating func formUnion(_ other: InjectionMarks) { bits |= other.bits }

    /// Reads a request's target or a header's value; one level of percent encoding is undone.
    ///
    /// A percent sign or a full stop that is encoded, and a percent sign that begins no byte, are marks too: whoever encodes what
    /// needs none wants to pass a filter.
    init(_ text: UnsafeRawBufferPointer) {
        var previous: UInt8 = 0
        var position = 0
        while position < text.count {
            var byte = text[position]
            position += 1
            if byte == UInt8(ascii: "%") {
                guard position + 1 < text.count, let high = Self.digit(text[position]),
                    let low = Self.digit(text[position + 1])
                else {
                    bits |= Self.needlesslyEncoded
                    continue
                }
                byte = high << 4 | low
                position += 2
                if byte == UInt8(ascii: "%") || byte == UInt8(ascii: ".") { bits |= Self.needlesslyEncoded }
            }
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\""): bits |= Self.quote
            case UInt8(ascii: "<"), UInt8(ascii: ">"): bits |= Self.angleBracket
            case UInt8(ascii: "`"), UInt8(ascii: "|"): bits |= Self.shell
            case UInt8(ascii: "{") where previous == UInt8(ascii: "$"): bits |= Self.expression
            case UInt8(ascii: ".") where previous == UInt8(ascii: "."): bits |= Self.upward
            case UInt8(ascii: "\\"), 0..<0x20: bits |= Self.control
            case UInt8(ascii: "#"): bits |= Self.comment
            default: break
            }
            previous = byte
        }
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }
}
