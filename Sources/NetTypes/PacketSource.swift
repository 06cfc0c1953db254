// Where frames come from: files, standard input, memory, interfaces.

/// What a source says after it was asked for frames.
public enum SourceState: Sendable, Equatable {
    /// More frames may follow.
    case open
    /// Nothing arrived now; the clock has reached the given time all the same, so flows may expire.
    case idle(Timestamp)
    /// The source has given everything it has.
    case finished
}

/// A source of frames in capture order.
///
/// One thread at a time may call a source; it need not always be the same one.
public protocol PacketSource: AnyObject, Sendable {
    /// Appends frames to `batch` until the batch is full, the source has nothing more right now, or it is finished.
    ///
    /// Frames whose bytes the source keeps (a mapping) are lent, others are copied into the batch. Faults of the input
    /// never throw here: reading stops at them and `damage` names them.
    func read(into batch: FrameBatch) -> SourceState

    /// What was wrong with the input so far, in the order found. Empty for sound input.
    var damage: [CaptureDamage] { get }

    /// Bytes of input consumed and their total, for a progress bar; nil when the total is unknown.
    var progress: (done: Int, total: Int)? { get }

    /// How the capture stands; nil for what is no live capture. Called between two reads.
    var capture: CaptureState? { get }
}

extension PacketSource {
    public var capture: CaptureState? { nil }
}

/// A place where a capture stops making sense. Everything before it was delivered.
public struct CaptureDamage: Hashable, Sendable {
    /// The file as the user named it; "-" for standard input.
    public let path: String
    /// Byte offset of the record or block that could not be read, in the uncompressed stream.
    public let offset: Int
    /// What was wrong there, as the end of a sentence.
    public let reason: String

    public init(path: String, offset: Int, reason: String) {
        self.path = path
        self.offset = offset
        self.reason = reason
    }
}
