// Frames from a pcapng capture.

import NetTypes

/// Reads one pcapng capture, lending frames from a mapping or copying them from a stream.
///
/// One thread at a time may call it. Everything before damage is delivered; reading stops at the damage.
public final class PcapngFileSource: CaptureSource, @unchecked Sendable {
    private var parser: PcapngParser
    private var reader: RecordReader

    init(parser: PcapngParser, reader: RecordReader) throws(CaptureError) {
        try reader.prepareFilter(for: parser)
        self.parser = parser
        self.reader = reader
    }

    public var lendsBytes: Bool { reader.lendsBytes }

    public var damage: [CaptureDamage] { reader.damage }

    public var progress: (done: Int, total: Int)? { reader.progress(at: parser.position) }

    public func read(into batch: FrameBatch) -> SourceState {
        reader.read(from: &parser, into: batch)
    }
}
