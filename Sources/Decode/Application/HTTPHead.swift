// Heads of HTTP/1 messages (RFC 9112): start line and header lines.

import NetTypes

/// What the head of a message says about how the exchange goes on.
struct HTTPHead {
    /// Zero in a request.
    var status: UInt16 = 0
    var isHeadRequest = false
    var isConnect = false
    var isChunked = false
    /// Content-Length, when it is there and a number.
    var contentLength: UInt64?

    var isResponse: Bool { status != 0 }

    /// A response before the one that answers; 101 is an answer.
    var isInterim: Bool { status / 100 == 1 && status != 101 }

    /// Reads a head and writes its fields.
    ///
    /// - Parameters:
    ///   - head: start line and header lines; the empty line may be there or not.
    ///   - isCut: whether the end of the head was not seen: its last line may be incomplete.
    ///   - fields: where the fields go.
    /// - Returns: nil when the start line is not one of HTTP/1.
    static func read(_ head: ApplicationReader, isCut: Bool, to fields: inout FieldWriter) -> HTTPHead? {
        var reader = head
        guard let (line, isWhole) = nextLine(&reader) else { return nil }
        let lineIsCut = isCut && !isWhole
        guard
            var result = line.starts(with: "HTTP/")
                ? readStatusLine(line, to: &fields) : readRequestLine(line, isCut: lineIsCut, to: &fields)
        else { return nil }
        result.readHeaders(&reader, isCut: isCut, to: &fields)
        return result
    }

    /// `GET /path HTTP/1.1`
    private static func readRequestLine(
        _ line: ApplicationReader, isCut: Bool, to fields: inout FieldWriter
    ) -> HTTPHead? {
        var reader = line
        guard let method = takeWord(&reader), HTTPMethod.isKnown(method) else { return nil }
        // The version is what follows the last space: some clients do not escape spaces in the target.
        let target: ApplicationReader
        var version = ApplicationReader.empty
        if let space = reader.unread.lastIndex(of: UInt8(ascii: " ")), isVersion(reader, at: space) {
            target = reader.takeAvailable(space)
            _ = reader.skip(1)
            version = reader
        } else {
            guard isCut else { return nil }
            // The cut may go through the version, which is then not part of the target.
            let space = reader.unread.lastIndex(of: UInt8(ascii: " "))
            let isVersionCut = space.map { beginsVersion(reader, at: $0) } ?? false
            target = reader.takeAvailable(isVersionCut ? space ?? 0 : reader.remaining)
        }
        fields.append(.httpMethod, method.unread)
        fields.append(.httpPath, target.unread)
        if version.remaining > 0 { fields.append(.httpVersion, version.unread) }
        var head = HTTPHead()
        head.isHeadRequest = method.equals(ignoringCase: "head")
        head.isConnect = method.equals(ignoringCase: "connect")
        return head
    }

    /// `HTTP/1.1 200 OK`
    private static func readStatusLine(_ line: ApplicationReader, to fields: inout FieldWriter) -> HTTPHead? {
        var reader = line
        guard let version = takeWord(&reader), version.starts(with: "HTTP/1.") else { return nil }
        var status: UInt16 = 0
        for _ in 0..<3 {
            guard let digit = reader.uint8(), digit >= 0x30, digit <= 0x39 else { return nil }
            status = status * 10 + UInt16(digit - 0x30)
        }
        guard status >= 100 else { return nil }
        fields.append(.httpStatus, status)
        var head = HTTPHead()
        head.status = status
        return head
    }

    private static func takeWord(_ reader: inout ApplicationReader) -> ApplicationReader? {
        guard let length = reader.distance(to: UInt8(ascii: " ")), length > 0 else { return nil }
        let word = reader.takeAvailable(length)
        _ = reader.skip(1)
        return word
    }

    /// Whether nothing but the beginning of a version follows the space.
    private static func beginsVersion(_ reader: ApplicationReader, at space: Int) -> Bool {
        var version = reader
        return version.skip(space + 1) && version.commonPrefix(with: "HTTP/1.") == version.remaining
    }

    private static func isVersion(_ reader: ApplicationReader, at space: Int) -> Bool {
        var version = reader
        return version.skip(space + 1) && version.starts(with: "HTTP/1.")
    }

    /// The next line without its end, and whether its end was there.
    static func nextLine(_ reader: inout ApplicationReader) -> (line: ApplicationReader, isWhole: Bool)? {
        guard !reader.isAtEnd else { return nil }
        guard let length = reader.distance(to: UInt8(ascii: "\n")) else {
            return (reader.takeAvailable(reader.remaining), false)
        }
        let hasReturn = length > 0 && reader.peek(length - 1) == UInt8(ascii: "\r")
        let line = reader.takeAvailable(hasReturn ? length - 1 : length)
        _ = reader.skip(hasReturn ? 2 : 1)
        return (line, true)
    }
}
