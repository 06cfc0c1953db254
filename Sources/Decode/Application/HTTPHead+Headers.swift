// The header lines of an HTTP/1 head.

import NetTypes

extension HTTPHead {
    /// Fields that were written: a repeated header line counts once.
    private struct Written: OptionSet {
        let rawValue: UInt8
        static let host = Written(rawValue: 1)
        static let userAgent = Written(rawValue: 2)
        static let referrer = Written(rawValue: 4)
        static let contentType = Written(rawValue: 8)
        static let contentLength = Written(rawValue: 16)
        static let redirect = Written(rawValue: 32)
    }

    /// Reads the header lines up to the empty line or the end.
    mutating func readHeaders(_ reader: inout ApplicationReader, isCut: Bool, to fields: inout FieldWriter) {
        var names = TextBuilder<513>()
        var written: Written = []
        while let (line, isWhole) = Self.nextLine(&reader), line.remaining > 0 {
            // A line whose end was not captured may be cut inside its name or value.
            if isCut && !isWhole { break }
            var value = line
            guard let length = value.distance(to: UInt8(ascii: ":")), length > 0 else { continue }
            let name = value.takeAvailable(length)
            _ = value.skip(1)
            if !isResponse {
                if names.count > 0 { names.append(UInt8(ascii: ",")) }
                for byte in name.unread { names.append(byte.lowercasedASCII) }
            }
            read(name, Self.trimmed(value), &written, to: &fields)
        }
        if names.count > 0 { names.withText { fields.append(.httpHeaderOrder, $0) } }
    }

    private mutating func read(
        _ name: ApplicationReader, _ value: ApplicationReader, _ written: inout Written, to fields: inout FieldWriter
    ) {
        func write(_ field: ApplicationField, _ kind: Written) {
            if written.insert(kind).inserted { fields.append(field, value.unread) }
        }
        // Lengths first: most header lines are none of these.
        switch name.remaining {
        case 4 where !isResponse && name.equals(ignoringCase: "host"):
            write(.httpHost, .host)
        case 7 where !isResponse && name.equals(ignoringCase: "referer"):
            write(.httpReferrer, .referrer)
        case 8 where isResponse && name.equals(ignoringCase: "location"):
            write(.httpRedirect, .redirect)
        case 10 where !isResponse && name.equals(ignoringCase: "user-agent"):
            write(.httpUserAgent, .userAgent)
        case 12 where isResponse && name.equals(ignoringCase: "content-type"):
            write(.httpContentType, .contentType)
        case 14 where name.equals(ignoringCase: "content-length"):
            guard let number = Self.decimal(value), written.insert(.contentLength).inserted else { return }
            contentLength = number
            if isResponse { fields.append(.httpContentLength, number) }
        case 17 where name.equals(ignoringCase: "transfer-encoding"):
            isChunked = isChunked || Self.endsInChunked(value)
        default: break
        }
    }

    /// Whether chunked is the last transfer coding, as RFC 9112 section 6.1 demands where it frames the body.
    private static func endsInChunked(_ value: ApplicationReader) -> Bool {
        var reader = value
        return reader.skip(value.remaining - 7) && reader.equals(ignoringCase: "chunked")
    }

    private static func trimmed(_ value: ApplicationReader) -> ApplicationReader {
        func isBlank(_ byte: UInt8?) -> Bool { byte == 0x20 || byte == 0x09 }
        var reader = value
        while isBlank(reader.peek()) { _ = reader.skip(1) }
        var length = reader.remaining
        while length > 0, isBlank(reader.peek(length - 1)) { length -= 1 }
        return reader.takeAvailable(length)
    }

    private static func decimal(_ value: ApplicationReader) -> UInt64? {
        guard value.remaining > 0, value.remaining <= 18 else { return nil }
        var number: UInt64 = 0
        for byte in value.unread {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            number = number * 10 + UInt64(byte - 0x30)
        }
        return number
    }
}
