// Domain names inside DNS messages.

/// A domain name as text: labels joined by dots, without the final dot, ASCII letters in lower case.
struct DNSName {
    /// RFC 1035 section 2.3.4 allows 255 bytes with the length bytes: the text is shorter still.
    static let maximumLength = 255
    /// Compression pointers followed in one name. An honest sender needs a few.
    static let maximumHops = 64

    private(set) var text = TextBuilder<255>()

    /// Reads the name at the cursor and moves behind it.
    ///
    /// A compression pointer (RFC 1035 section 4.1.4) must lead to before the piece of the name it ends, so that
    /// reading always comes to an end.
    ///
    /// - Parameter reader: a reader over the whole message, at the name.
    /// - Returns: false when the name is malformed or not all there.
    mutating func read(_ reader: inout ApplicationReader) -> Bool {
        text.clear()
        var cursor = reader
        var pieceStart = reader.offset
        var hops = 0
        while let length = cursor.uint8() {
            switch length >> 6 {
            case 0:
                if length == 0 {
                    if hops == 0 { reader = cursor }
                    return true
                }
                guard let label = cursor.take(Int(length)), append(label) else { return false }
            case 3:
                guard let low = cursor.uint8() else { return false }
                if hops == 0 { reader = cursor }
                let target = Int(length & 0x3f) << 8 | Int(low)
                hops += 1
                guard target < pieceStart, hops <= Self.maximumHops, cursor.seek(to: target) else { return false }
                pieceStart = target
            default:
                return false
            }
        }
        return false
    }

    private mutating func append(_ label: ApplicationReader) -> Bool {
        guard text.count + label.length + 2 <= Self.maximumLength else { return false }
        if text.count > 0 { text.append(UInt8(ascii: ".")) }
        for byte in label.unread { text.append(byte.lowercasedASCII) }
        return true
    }
}
