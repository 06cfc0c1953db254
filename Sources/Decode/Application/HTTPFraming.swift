// Where messages of HTTP/1 begin and end in a stream of bytes (RFC 9112).

/// Finds heads and passes over bodies.
enum HTTPFraming {
    /// Whether bytes begin with a head of HTTP/1; nil when they are too few to tell.
    static func begins(_ bytes: ApplicationReader) -> Bool? {
        let response: StaticString = "HTTP/1."
        let common = bytes.commonPrefix(with: response)
        if common == response.utf8CodeUnitCount { return true }
        if common > 0, common == bytes.remaining { return nil }
        let isRequest = HTTPMethod.begins(bytes)
        guard isRequest == true else { return isRequest }
        // RTSP, SIP and others have request lines too: what stands at the end of the line tells, once it is there.
        guard let length = bytes.distance(to: UInt8(ascii: "\n")) else { return true }
        var line = bytes
        return contains(line.takeAvailable(length), " HTTP/1.")
    }

    private static func contains(_ line: ApplicationReader, _ text: StaticString) -> Bool {
        var reader = line
        while reader.remaining >= text.utf8CodeUnitCount {
            if reader.starts(with: text) { return true }
            _ = reader.skip(1)
        }
        return false
    }

    /// Length of the head at the cursor, its empty line included; nil when the empty line is not there.
    ///
    /// - Parameter start: how many bytes were searched before.
    static func headLength(_ bytes: ApplicationReader, searched start: Int = 0) -> Int? {
        // A line end may lie across the border between searched and new bytes.
        var position = max(0, start - 3)
        while let byte = bytes.peek(position) {
            if byte == UInt8(ascii: "\n") {
                if bytes.peek(position + 1) == UInt8(ascii: "\n") { return position + 2 }
                if bytes.peek(position + 1) == UInt8(ascii: "\r"), bytes.peek(position + 2) == UInt8(ascii: "\n") {
                    return position + 3
                }
            }
            position += 1
        }
        return nil
    }

    /// Passes over bytes of a body.
    ///
    /// - Returns: false when the chunk framing is broken.
    static func passBody(_ bytes: inout ApplicationReader, _ direction: inout StreamDirection) -> Bool {
        switch direction.bodyPhase {
        case .head: return true
        case .sized, .chunkData:
            let passed = Int(min(direction.skipped, UInt64(bytes.remaining)))
            _ = bytes.skip(passed)
            pass(UInt64(passed), in: &direction)
            return true
        case .chunkSize, .chunkExtension, .chunkEnd, .trailerStart, .trailerLine:
            guard let byte = bytes.uint8() else { return true }
            return step(byte, &direction)
        }
    }

    /// Counts `length` bytes of a body as passed, seen or not; they must not be more than are left.
    static func pass(_ length: UInt64, in direction: inout StreamDirection) {
        direction.skipped -= length
        if direction.skipped == 0 {
            direction.bodyPhase = direction.bodyPhase == .sized ? .head : .chunkEnd
        }
    }

    /// One byte of the framing between chunks (RFC 9112 section 7.1).
    private static func step(_ byte: UInt8, _ direction: inout StreamDirection) -> Bool {
        let isLineEnd = byte == UInt8(ascii: "\n")
        switch direction.bodyPhase {
        case .chunkSize:
            if let digit = hexadecimal(byte) {
                guard direction.skipped >> 56 == 0 else { return false }
                direction.skipped = direction.skipped << 4 | UInt64(digit)
                return true
            }
            if isLineEnd {
                direction.bodyPhase = direction.skipped > 0 ? .chunkData : .trailerStart
                return true
            }
            direction.bodyPhase = .chunkExtension
            return byte == UInt8(ascii: "\r") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: " ")
        case .chunkExtension:
            if isLineEnd { direction.bodyPhase = direction.skipped > 0 ? .chunkData : .trailerStart }
            return true
        case .chunkEnd:
            if isLineEnd { direction.bodyPhase = .chunkSize }
            return isLineEnd || byte == UInt8(ascii: "\r")
        case .trailerStart:
            if isLineEnd {
                direction.bodyPhase = .head
            } else if byte != UInt8(ascii: "\r") {
                direction.bodyPhase = .trailerLine
            }
            return true
        default:
            if isLineEnd { direction.bodyPhase = .trailerStart }
            return true
        }
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
