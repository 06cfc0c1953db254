// DNS over TCP: messages behind a length of two bytes (RFC 7766).

import NetTypes

extension DNSMessage {
    /// Whether a framed message begins here, beyond chance.
    static func begins(_ bytes: ApplicationReader) -> Bool {
        var reader = bytes
        guard let length = reader.uint16(), Int(length) >= headerLength else { return false }
        return isPlausible(reader, wireLength: Int(length))
    }
}

extension ApplicationTracker {
    /// Reads a framed message, which may be cut.
    func readDNS(
        _ framed: ApplicationReader, isCut: Bool, _ direction: inout StreamDirection, _ time: Timestamp,
        _ snapshot: () -> FlowRecord
    ) {
        var reader = framed
        guard let length = reader.uint16() else { return }
        // Compression pointers count from the message's own beginning.
        let message = ApplicationReader(reader.unread)
        guard DNSMessage.isPlausible(message, wireLength: Int(length)) else {
            if !isCut || message.length >= DNSMessage.headerLength {
                count(.malformed, of: .dns)
                direction.flags.insert(.lost)
            }
            return
        }
        publish(.dns, at: time, snapshot: snapshot) { DNSMessage.write(message, isCut: isCut, to: &$0) }
    }
}
