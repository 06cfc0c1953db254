// A line of FTP or SMTP: a verb or code, and what follows.

import NetTypes

/// One line. Borrows its bytes.
struct CommandLine {
    /// What stands before the first space.
    let verb: ApplicationReader
    /// What follows it, without spaces around.
    let argument: ApplicationReader
    /// Whether a single space follows the verb, and the verb is a reply's code.
    let isReplyEnd: Bool

    private static let longestVerb = 12

    init(_ line: ApplicationReader) {
        var reader = line
        let length = reader.distance(to: UInt8(ascii: " ")) ?? reader.remaining
        verb = reader.takeAvailable(length)
        while reader.peek() == UInt8(ascii: " ") { _ = reader.skip(1) }
        var end = reader.remaining
        while end > 0, reader.peek(end - 1) == UInt8(ascii: " ") { end -= 1 }
        argument = reader.takeAvailable(end)
        isReplyEnd = length == 3 && verb.unread.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
    }

    /// Whether the verb is one: three letters or more, nothing else.
    var isCommand: Bool {
        verb.remaining >= 3 && verb.remaining <= Self.longestVerb
            && verb.unread.allSatisfy { $0.lowercasedASCII >= 0x61 && $0.lowercasedASCII <= 0x7a }
    }

    /// Whether the verb is `text`, given in lower case.
    func isVerb(_ text: StaticString) -> Bool { verb.equals(ignoringCase: text) }

    /// Writes the verb in upper case.
    func writeVerb(_ field: ApplicationField, to fields: inout FieldWriter) {
        var text = TextBuilder<12>()
        for byte in verb.unread { text.append(byte.lowercasedASCII & 0xdf) }
        text.withText { fields.append(field, $0) }
    }

    /// The address in `FROM:<...>` or `TO:<...>`, with its angle brackets, which it may lack.
    var path: ApplicationReader {
        var reader = argument
        guard let colon = reader.distance(to: UInt8(ascii: ":")), reader.skip(colon + 1) else { return .empty }
        while reader.peek() == UInt8(ascii: " ") { _ = reader.skip(1) }
        // Parameters may follow the address.
        let length = reader.distance(to: UInt8(ascii: " ")) ?? reader.remaining
        return reader.takeAvailable(length)
    }

    /// The number that the argument begins with.
    var number: UInt64 {
        var value: UInt64 = 0
        for byte in argument.unread.prefix(12) {
            guard byte >= 0x30, byte <= 0x39 else { break }
            value = value * 10 + UInt64(byte - 0x30)
        }
        return value
    }
}
