// One stream of lines, several places to go.

import Outputs

/// Hands every line to several sinks.
final class FanOutSink: LineSink, @unchecked Sendable {
    private let sinks: [any LineSink]

    init(_ sinks: [any LineSink]) {
        self.sinks = sinks
    }

    var lostLines: UInt64 { sinks.reduce(0) { $0 + $1.lostLines } }

    var failure: OutputError? { sinks.lazy.compactMap(\.failure).first }

    func write(_ lines: borrowing LineBuffer) {
        for sink in sinks { sink.write(lines) }
    }

    /// Closes all of them, then throws the first error.
    func close() throws(OutputError) {
        var first: OutputError?
        for sink in sinks {
            do throws(OutputError) {
                try sink.close()
            } catch {
                first = first ?? error
            }
        }
        if let first { throw first }
    }
}
