// Frames from a pcap capture.

import NetTypes

/// Reads one pcap capture, lending frames from a mapping or copying them from a stream.
///
/// One thread at a time may call it. Everything before damage is delivered; reading stops at the damage.
public final class PcapFileSource: CaptureSource, @unchecked Sendable {
    private var parser: PcapParser
    private var reader: RecordReader

    init(parser: PcapParser, reader: RecordReader) throws(CaptureError) {
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
