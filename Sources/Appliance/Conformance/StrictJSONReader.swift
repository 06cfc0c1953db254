// Reads JSON by RFC 8259 and nothing beyond it.

/// A recursive-descent reader over the bytes of one document, with a bound on depth.
struct StrictJSONReader {
    private var rest: ArraySlice<UInt8>
    private var depth = 0

    private static let deepest = 64

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    /// The whole document: one value and nothing after it.
    mutating func document() throws(StrictJSON.Fault) -> StrictJSON {
        let value = try value()
        skipSpace()
        guard rest.isEmpty else { throw fault("something follows the value") }
        return value
    }

    private func fault(_ message: String) -> StrictJSON.Fault { StrictJSON.Fault(message: message) }

    private mutating func skipSpace() {
        rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0a || $0 == 0x0d }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest = rest.dropFirst()
        return true
    }

    private mutating func value() throws(StrictJSON.Fault) -> StrictJSON {
        skipSpace()
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw fault("values are nested too deeply") }
        switch rest.first {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "t"): return try word("true", .flag(true))
        case UInt8(ascii: "f"): return try word("false", .flag(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ word: String, _ value: StrictJSON) throws(StrictJSON.Fault) -> StrictJSON {
        guard rest.starts(with: word.utf8) else { throw fault("no value where one is due") }
        rest = rest.dropFirst(word.utf8.count)
        return value
    }

    private mutating func object() throws(StrictJSON.Fault) -> StrictJSON {
        rest = rest.dropFirst()
        var members: [String: StrictJSON] = [:]
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipSpace()
            let key = try text()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw fault("no colon after the key '\(key)'") }
            guard members.updateValue(try value(), forKey: key) == nil else {
                throw fault("the key '\(key)' occurs twice")
            }
            skipSpace()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw fault("neither comma nor brace after the value of '\(key)'") }
        }
    }

    private mutating func array() throws(StrictJSON.Fault) -> StrictJSON {
        rest = rest.dropFirst()
        var elements: [StrictJSON] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            elements.append(try value())
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(elements) }
            guard take(UInt8(ascii: ",")) else { throw fault("neither comma nor bracket after an element") }
        }
    }

    private mutating func number() throws(StrictJSON.Fault) -> StrictJSON {
        let digits = rest.prefix { (0x30...0x39).contains($0) || [0x2b, 0x2d, 0x2e, 0x45, 0x65].contains($0) }
        let text = String(decoding: digits, as: UTF8.self)
        guard text.wholeMatch(of: #/-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/#) != nil else {
            throw fault("no value where one is due")
        }
        rest = rest.dropFirst(digits.count)
        return Int64(text).map { .integer($0) } ?? .number(text)
    }

    private mutating func text() throws(StrictJSON.Fault) -> String {
        guard take(UInt8(ascii: "\"")) else { throw fault("no string where one is due") }
        var bytes: [UInt8] = []
        while let byte = rest.first {
            rest = rest.dropFirst()
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: bytes, as: UTF8.self) else { throw fault("a string is not UTF-8") }
                return text
            case UInt8(ascii: "\\"): bytes += Array(String(try escape()).utf8)
            case 0..<0x20, 0x7f: throw fault("a control character stands in a string")
            default: bytes.append(byte)
            }
        }
        throw fault("a string has no end")
    }

    private mutating func escape() throws(StrictJSON.Fault) -> Unicode.Scalar {
        let letter = rest.first
        rest = rest.dropFirst()
        switch letter {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let unit = try codeUnit()
            guard (0xd800..<0xdc00).contains(unit) else {
                guard let scalar = Unicode.Scalar(unit) else { throw fault("half of a surrogate pair") }
                return scalar
            }
            guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw fault("half of a surrogate pair") }
            let low = try codeUnit()
            guard (0xdc00..<0xe000).contains(low),
                let scalar = Unicode.Scalar(0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00))
            else { throw fault("half of a surrogate pair") }
            return scalar
        default: throw fault("an unknown escape")
        }
    }

    private mutating func codeUnit() throws(StrictJSON.Fault) -> UInt32 {
        let digits = rest.prefix(4)
        guard digits.count == 4, let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) else {
            throw fault("four hexadecimal digits are due")
        }
        rest = rest.dropFirst(4)
        return unit
    }
}
