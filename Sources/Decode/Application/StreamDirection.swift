// What is kept of each direction of a flow while its application bytes are followed.

/// The state of one direction: where its bytes stand, and where its protocol's framing stands.
struct StreamDirection {
    struct Flags: OptionSet {
        let rawValue: UInt8
        /// A payload was seen; `nextSequence` is valid.
        static let started = Flags(rawValue: 1)
        /// Its first bytes are the beginning of no known protocol.
        static let unmatched = Flags(rawValue: 2)
        /// The framing is lost: wait for a segment that begins with a plausible message.
        static let lost = Flags(rawValue: 4)
        /// TLS: what follows is encrypted. SSH: the banner was read. Nothing more is read of this direction.
        static let done = Flags(rawValue: 8)
    }

    /// TCP sequence number of the next byte in order.
    var nextSequence: UInt32 = 0
    /// Segment buffer that holds the beginning of a message; zero when none is needed.
    var buffer: UInt32 = 0
    /// Bytes in that buffer.
    var filled: UInt16 = 0
    var flags: Flags = []
    /// Segments seen while the protocol was not known.
    var attempts: UInt8 = 0
    /// Bytes to pass over before the next thing to read: a body, or the rest of a message.
    var skipped: UInt64 = 0
    /// HTTP: where in a message the direction stands.
    var bodyPhase = HTTPBodyPhase.head
    /// TLS: type and rest of the record under way.
    var recordType: UInt8 = 0
    var recordLeft: UInt16 = 0
    /// TLS: bytes of a record header that was cut by a segment's end, and how many they are.
    var header: UInt64 = 0
    var headerLength: UInt8 = 0
    /// TLS: the ServerHello came this way, and nothing was lost since.
    var sawServerHello = false
}

/// The parts of an HTTP/1 message, as far as framing goes (RFC 9112 sections 6 and 7).
enum HTTPBodyPhase: UInt8 {
    case head
    /// A body of known length, or the data of a chunk without its end.
    case sized
    case chunkSize
    case chunkExtension
    case chunkData
    /// The line end behind a chunk's data.
    case chunkEnd
    /// Lines behind the last chunk, each at its beginning or inside.
    case trailerStart
    case trailerLine
}
