// The parts of JSON (RFC 8259) of which a weights file's header is made: objects, strings and whole numbers.

/// A place in a range of bytes that moves forward over one JSON value after another.
struct JSONCursor {
    private let bytes: [UInt8]
    private let end: Int
    private var position: Int

    init(_ bytes: [UInt8], from start: Int, to end: Int) {
        self.bytes = bytes
        self.end = end
        position = start
    }

    /// The next byte; nil at the end.
    var peek: UInt8? { position < end ? bytes[position] : nil }

    /// An error at this place.
    func fault(_ message: String) -> LearningError {
        LearningError(.malformedHeader, message, offset: position)
    }

    /// Reads an object and calls `body` for each member, with the cursor before its value.
    mutating func members(
        _ body: (inout JSONCursor, _ key: String, _ offset: Int) throws(LearningError) -> Void
    ) throws(LearningError) {
        try expect("{")
        skipSpace()
        if take("}") { return }
        repeat {
            skipSpace()
            let offset = position
            let key = try string()
            try expect(":")
            try body(&self, key, offset)
            skipSpace()
        } while take(",")
        try expect("}")
    }

    /// Reads an array of whole numbers from 0 on.
    mutating func numbers() throws(LearningError) -> [Int] {
        try expect("[")
        skipSpace()
        if take("]") { return [] }
        var numbers: [Int] = []
        repeat {
            numbers.append(try number())
            skipSpace()
        } while take(",")
        try expect("]")
        return numbers
    }

    /// Checks that only white space is left.
    mutating func finish() throws(LearningError) {
        skipSpace()
        if position < end { throw fault("the header goes on after its object") }
    }

    /// Reads a string.
    mutating func string() throws(LearningError) -> String {
        try expect("\"")
        var content: [UInt8] = []
        let start = position
        while let byte = peek {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw LearningError(.malformedHeader, "a string is not UTF-8", offset: start)
                }
                return text
            case UInt8(ascii: "\\"):
                content += Array(String(try escape()).utf8)
            case 0..<0x20:
                position -= 1
                throw fault("a control character in a string")
            default:
                content.append(byte)
            }
        }
        throw fault("a string does not end")
    }

    /// Reads what follows a backslash.
    private mutating func escape() throws(LearningError) -> Unicode.Scalar {
        guard let byte = peek else { throw fault("a string does not end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if code & 0xfc00 == 0xd800, take("\\"), take("u") {
                let low = try hexadecimal()
                guard low & 0xfc00 == 0xdc00 else { throw fault("half of a surrogate pair") }
                code = 0x10000 + (code & 0x3ff) << 10 + (low & 0x3ff)
            }
            guard let scalar = Unicode.Scalar(code) else { throw fault("half of a surrogate pair") }
            return scalar
        default:
            position -= 1
            throw fault("an unknown escape in a string")
        }
    }

    private mutating func hexadecimal() throws(LearningError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw fault("four hexadecimal digits are missing")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    private mutating func number() throws(LearningError) -> Int {
        skipSpace()
        let start = position
        var value = 0
        while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
            let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, tooLargeToo) = product.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
            if tooLarge || tooLargeToo { throw fault("a number is too large") }
            value = sum
            position += 1
        }
        if position == start { throw fault("a whole number is missing") }
        if position - start > 1, bytes[start] == UInt8(ascii: "0") {
            throw LearningError(.malformedHeader, "a number begins with zero", offset: start)
        }
        return value
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d { position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(LearningError) {
        skipSpace()
        guard take(character) else { throw fault("'\(character)' is missing") }
    }
}
