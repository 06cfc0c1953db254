// Reads JSON by RFC 8259 and nothing beyond it.

/// A recursive-descent reader over the bytes of one document, with a bound on depth. Of use while the bytes are there.
struct StrictJSONReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var place = 0
    private var depth = 0

    private static let deepest = 64

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    /// The whole document: one value and nothing after it.
    mutating func document() throws(StrictJSON.Fault) -> StrictJSON {
        let value = try value()
        skipSpace()
        guard next == nil else { throw fault("something follows the value") }
        return value
    }

    private func fault(_ message: String) -> StrictJSON.Fault { StrictJSON.Fault(message: message) }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d { place += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        place += 1
        return true
    }

    private mutating func value() throws(StrictJSON.Fault) -> StrictJSON {
        skipSpace()
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw fault("values are nested too deeply") }
        switch next {
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
        guard bytes[place...].starts(with: word.utf8) else { throw fault("no value where one is due") }
        place += word.utf8.count
        return value
    }

    private mutating func object() throws(StrictJSON.Fault) -> StrictJSON {
        place += 1
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
        place += 1
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
        let start = place
        _ = take(UInt8(ascii: "-"))
        let isZero = next == UInt8(ascii: "0")
        let digits = takeDigits()
        guard digits > 0, !isZero || digits == 1 else { throw fault("no value where one is due") }
        var isWhole = true
        if take(UInt8(ascii: ".")) {
            isWhole = false
            guard takeDigits() > 0 else { throw fault("no digit after the point") }
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            isWhole = false
            place += 1
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard takeDigits() > 0 else { throw fault("no digit in the exponent") }
        }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        return isWhole ? Int64(text).map { .integer($0) } ?? .number(text) : .number(text)
    }

    /// How many digits stand here.
    private mutating func takeDigits() -> Int {
        let start = place
        while let byte = next, (0x30...0x39).contains(byte) { place += 1 }
        return place - start
    }

    private mutating func text() throws(StrictJSON.Fault) -> String {
        guard take(UInt8(ascii: "\"")) else { throw fault("no string where one is due") }
        // What was read before the last escape; what follows it is taken as it stands.
        var before: [UInt8] = []
        var start = place
        while let byte = next {
            place += 1
            switch byte {
            case UInt8(ascii: "\""):
                let rest = bytes[start..<(place - 1)]
                let text =
                    before.isEmpty
                    ? String(validating: rest, as: UTF8.self) : String(validating: before + rest, as: UTF8.self)
                guard let text else { throw fault("a string is not UTF-8") }
                return text
            case UInt8(ascii: "\\"):
                before += bytes[start..<(place - 1)]
                before += Array(String(try escape()).utf8)
                start = place
            case 0..<0x20, 0x7f: throw fault("a control character stands in a string")
            default: break
            }
        }
        throw fault("a string has no end")
    }

    private mutating func escape() throws(StrictJSON.Fault) -> Unicode.Scalar {
        let letter = next
        place += 1
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
        let digits = bytes[min(place, bytes.count)..<min(place + 4, bytes.count)]
        guard digits.count == 4, let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) else {
            throw fault("four hexadecimal digits are due")
        }
        place += 4
        return unit
    }
}
