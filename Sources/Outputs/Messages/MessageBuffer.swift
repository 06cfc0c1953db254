// Rendered messages, ready to be sent or kept.

/// Messages one after the other, without newlines, and where each one ends.
public struct MessageBuffer: ~Copyable, Sendable {
    /// What is known of a message beside its bytes.
    public struct Note: Sendable, Equatable {
        /// Where its bytes end in the buffer.
        public var end: Int
        public var isAlert: Bool
    }

    var bytes = LineBuffer()
    public private(set) var notes: [Note] = []

    public init() {}

    public var count: Int { notes.count }
    public var byteCount: Int { bytes.count }

    public mutating func clear() {
        bytes.clear()
        notes.removeAll(keepingCapacity: true)
    }

    /// Appends a message.
    public mutating func append(_ message: UnsafeRawBufferPointer, isAlert: Bool) {
        bytes.append(message)
        notes.append(Note(end: bytes.count, isAlert: isAlert))
    }

    /// Hands out a message; it must not escape.
    public borrowing func withMessage<Result>(_ index: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let start = index == 0 ? 0 : notes[index - 1].end
        return bytes.withBytes { body(UnsafeRawBufferPointer(rebasing: $0[start..<notes[index].end])) }
    }
}
