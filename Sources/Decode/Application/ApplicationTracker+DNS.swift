// DNS over TCP: messages behind a length of two bytes (RFC 7766).

import NetTypes

extension ApplicationTracker {
    /// Bytes of the length in front of each message.
    private static let lengthBytes = 2

    /// Reads bytes of a DNS connection that follow on those before.
    ///
    /// - Returns: false; a connection may carry any number of messages.
    func followDNS(
        _ direction: inout StreamDirection, _ bytes: ApplicationReader, _ time: Timestamp, _ snapshot: () -> FlowRecord
    ) -> Bool {
        var bytes = bytes
        if direction.flags.contains(.lost) {
            guard Self.isPlausibleStart(bytes) else { return false }
            direction.flags.remove(.lost)
            direction.skipped = 0
        }
        while !bytes.isAtEnd {
            if direction.skipped > 0 {
                let passed = bytes.takeAvailable(Int(min(direction.skipped, UInt64(bytes.remaining))))
                direction.skipped -= UInt64(passed.length)
                continue
            }
            guard
                let (message, isCut) = nextMessage(
                    &bytes, headerLength: Self.lengthBytes, in: &direction, total: Self.messageLength)
            else { return false }
            readDNS(message, isCut: isCut, &direction, time, snapshot)
            dropKept(&direction)
            if direction.flags.contains(.lost) { return false }
        }
        return false
    }

    /// Takes note of `count` bytes that are missing.
    func loseDNS(
        _ direction: inout StreamDirection, _ count: Int, _ time: Timestamp, _ snapshot: () -> FlowRecord
    ) {
        let collected = kept(direction)
        if let length = Self.messageLength(collected) {
            readDNS(collected, isCut: true, &direction, time, snapshot)
            direction.skipped = UInt64(max(0, length - collected.length))
        }
        dropKept(&direction)
        if direction.skipped >= UInt64(count) {
            direction.skipped -= UInt64(count)
        } else {
            direction.flags.insert(.lost)
        }
    }

    private func readDNS(
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

    private static func messageLength(_ bytes: ApplicationReader) -> Int? {
        var reader = bytes
        return reader.uint16().map { lengthBytes + Int($0) }
    }

    private static func isPlausibleStart(_ bytes: ApplicationReader) -> Bool {
        var reader = bytes
        guard let length = reader.uint16(), Int(length) >= DNSMessage.headerLength else { return false }
        return DNSMessage.isPlausible(reader, wireLength: Int(length))
    }
}
