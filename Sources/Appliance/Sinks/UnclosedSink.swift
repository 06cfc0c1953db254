// A sink that somebody else closes.

import Outputs

/// Passes lines on, and leaves closing to the sink's owner.
final class UnclosedSink: LineSink {
    private let sink: any LineSink

    init(_ sink: any LineSink) {
        self.sink = sink
    }

    var lostLines: UInt64 { sink.lostLines }
    var failure: OutputError? { sink.failure }

    func write(_ lines: borrowing LineBuffer) { sink.write(lines) }
    func close() throws(OutputError) {}
}
