// Judges messages of RFC 5424.

import Configuration

/// RFC 5424, section 6: header fields with their lengths, structured data with its escapes, the byte order mark.
struct SyslogJudge: FormatJudge {
    func judge(_ line: ArraySlice<UInt8>, _ result: inout LineJudge) {
        var rest = line
        let priority = Self.priority(&rest)
        result.check("priority", priority != nil, "the line does not begin with <0> to <191> and the version 1")
        guard priority != nil else { return }
        let limits = [("HOSTNAME", 255), ("APP-NAME", 48), ("PROCID", 128), ("MSGID", 32)]
        let moment = Self.word(&rest)
        let isMoment =
            moment == "-"
            || moment.wholeMatch(of: #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)/#) != nil
                && MomentText.timestamp(moment) != nil
        result.check("timestamps", isMoment, "the timestamp is none of RFC 5424")
        for (name, length) in limits {
            let word = Self.word(&rest)
            let isFine = (1...length).contains(word.utf8.count) && word.utf8.allSatisfy { (33...126).contains($0) }
            result.check("header", isFine, "\(name) is not 1 to \(length) printable ASCII characters")
        }
        let isStructured = Self.skipStructuredData(&rest)
        result.check("structured data", isStructured, "the structured data is malformed")
        guard isStructured, let space = rest.first else { return }
        result.check("message", space == 0x20, "no space stands before the message")
        let message = rest.dropFirst()
        let isMarked = message.starts(with: [0xef, 0xbb, 0xbf])
        if message.contains(where: { $0 >= 0x80 }) {
            result.check(
                "message", isMarked && String(validating: message, as: UTF8.self) != nil,
                "a message with other characters than ASCII begins with a byte order mark and is UTF-8")
        }
    }

    private static func priority(_ rest: inout ArraySlice<UInt8>) -> Int? {
        guard rest.first == UInt8(ascii: "<") else { return nil }
        let digits = rest.dropFirst().prefix { $0 != UInt8(ascii: ">") }
        let text = String(decoding: digits, as: UTF8.self)
        guard let value = Int(text), (0...191).contains(value), text == "\(value)" else { return nil }
        rest = rest.dropFirst(digits.count + 2)
        guard rest.starts(with: "1 ".utf8) else { return nil }
        rest = rest.dropFirst(2)
        return value
    }

    /// Takes a word and the space behind it.
    private static func word(_ rest: inout ArraySlice<UInt8>) -> String {
        let word = rest.prefix { $0 != 0x20 }
        rest = rest.dropFirst(word.count + 1)
        return String(decoding: word, as: UTF8.self)
    }

    private static func skipStructuredData(_ rest: inout ArraySlice<UInt8>) -> Bool {
        if rest.first == UInt8(ascii: "-") {
            rest = rest.dropFirst()
            return true
        }
        guard rest.first == UInt8(ascii: "[") else { return false }
        while rest.first == UInt8(ascii: "[") {
            rest = rest.dropFirst()
            guard skipName(&rest) else { return false }
            while rest.first == 0x20 {
                rest = rest.dropFirst()
                guard skipName(&rest), rest.starts(with: "=\"".utf8) else { return false }
                rest = rest.dropFirst(2)
                guard skipValue(&rest) else { return false }
            }
            guard rest.first == UInt8(ascii: "]") else { return false }
            rest = rest.dropFirst()
        }
        return true
    }

    private static func skipName(_ rest: inout ArraySlice<UInt8>) -> Bool {
        let name = rest.prefix {
            (33...126).contains($0) && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "]") && $0 != UInt8(ascii: "\"")
        }
        rest = rest.dropFirst(name.count)
        return (1...32).contains(name.count)
    }

    private static func skipValue(_ rest: inout ArraySlice<UInt8>) -> Bool {
        while let byte = rest.first {
            rest = rest.dropFirst()
            switch byte {
            case UInt8(ascii: "\""): return true
            case UInt8(ascii: "]"): return false
            case UInt8(ascii: "\\"): rest = rest.dropFirst()
            default: break
            }
        }
        return false
    }
}
