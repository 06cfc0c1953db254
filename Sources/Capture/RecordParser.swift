// The one contract of the file formats: find the next packet in the bytes at hand.

import NetTypes

/// What a parser found at its position.
enum RecordStep {
    /// A packet; all its bytes are in the window.
    case record(CaptureRecord)
    /// The bytes up to this offset are needed to go on. Never said of a final window.
    case needs(upTo: Int)
    /// The capture ends here, as it should.
    case end
    /// The record or block at `offset` makes no sense. The parser cannot go on.
    case damage(offset: Int, DamageReason)
}

/// A walk over the records of one capture format. A value: a copy can look ahead without moving the original.
///
/// The same parser serves a mapped file (one final window over everything) and a stream (a window that moves).
protocol RecordParser {
    /// Offset of the first byte that the parser still needs.
    var position: Int { get }

    /// The link types that are known so far.
    var linkTypes: [LinkType] { get }

    /// Finds the next packet at or behind `position`. The window must begin at `position` or before.
    mutating func next(in window: ByteWindow) -> RecordStep
}
