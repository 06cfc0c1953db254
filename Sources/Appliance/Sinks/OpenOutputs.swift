// The outputs of a live run while they are open.

import Outputs

/// The sinks of a run, each behind a queue of its own.
struct OpenOutputs: Sendable {
    /// One output, open.
    struct Output: Sendable {
        let settings: OutputSettings
        let sink: any LineSink
        let queue: QueuedSink
    }

    let all: [Output]

    /// Opens all, or none.
    init(_ settings: [OutputSettings]) throws(UserError) {
        var opened: [Output] = []
        for output in settings {
            do {
                let sink = try output.target.open()
                opened.append(
                    Output(
                        settings: output, sink: sink,
                        queue: QueuedSink(sink, name: output.target.name, limit: output.queueBytes)))
            } catch {
                for earlier in opened { try? earlier.sink.close() }
                throw UserError("\(error)")
            }
        }
        all = opened
    }

    /// How every output stands. Any thread.
    var counters: [SinkCounters] {
        all.map { output in
            let state = output.queue.report
            var counters = SinkCounters(
                name: output.queue.name, format: output.settings.format.rawValue, transport: "file")
            counters.queuedBytes = state.queuedBytes
            counters.written = state.writtenLines
            counters.shed = state.shedLines
            counters.lost = state.lostLines
            counters.failure = state.failure?.description
            counters.isConnected = state.failure == nil
            return counters
        }
    }

    /// Starts the threads that write.
    func start() {
        for output in all { output.queue.start() }
    }

    /// What takes the lines of a format; nil when no output wants them.
    func sink(for format: OutputFormat) -> (any LineSink)? {
        let queues = all.filter { $0.settings.format == format }.map(\.queue)
        return queues.count < 2 ? queues.first : FanOutSink(queues)
    }

    /// Lets every queue run empty and closes the sinks. Returns what went wrong with them, in words.
    func close() -> [String] {
        all.compactMap { output in
            do {
                try output.queue.close()
                return nil
            } catch {
                return "\(error)"
            }
        }
    }

    /// Turns every file to a new one.
    func rotate() {
        for output in all { (output.sink as? RotatingFileSink)?.requestRotation() }
    }

    /// Takes over what may change while running; false when something else differs.
    func reload(_ settings: [OutputSettings]) -> Bool {
        guard settings.count == all.count else { return false }
        return zip(all, settings).reduce(true) { isSame, pair in
            let (output, other) = pair
            return output.settings.target.reload(as: other.target, output.sink)
                && output.settings.format == other.format && output.settings.queueBytes == other.queueBytes && isSame
        }
    }
}
