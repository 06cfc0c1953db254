// What stands between messages in a stream.

/// How a receiver tells where a message ends.
public enum MessageFraming: String, CaseIterable, Sendable {
    /// The length in decimal and a space before each message (RFC 5425 section 4.3, RFC 6587 section 3.4.1).
    case octets
    /// A line feed behind each message, which none of ours contains.
    case lines

    /// Writes all messages as they go into a stream.
    public func append(_ messages: borrowing MessageBuffer, to buffer: inout LineBuffer) {
        for index in 0..<messages.count {
            messages.withMessage(index) { message in
                if self == .octets {
                    buffer.append(decimal: UInt64(message.count))
                    buffer.append(UInt8(ascii: " "))
                }
                buffer.append(message)
            }
            if self == .lines { buffer.endLine() }
        }
    }
}
