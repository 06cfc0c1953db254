// The outputs of a run while they are open.

import Glibc
import NetTypes
import Outputs

/// The outputs of a run, each with a queue and threads of its own.
struct OpenOutputs: Sendable {
    let all: [any OpenOutput]
    private let settings: [OutputSettings]

    /// What all outputs of a run have in common.
    struct Surroundings: Sendable {
        var eve: EVEOptions
        /// Key of pseudonyms; nil to write addresses as they are.
        var pseudonyms: [UInt8]?
        /// Seed of the chance in waiting times.
        var seed: UInt64 = 0
        /// Whether outputs are waited for rather than shed to: a replay has time.
        var isPatient = false
        var say: @Sendable (String) -> Void = { _ in }
    }

    /// Opens all, or none.
    init(_ settings: [OutputSettings], _ surroundings: Surroundings) throws(UserError) {
        var opened: [any OpenOutput] = []
        self.settings = settings
        for (index, output) in settings.enumerated() {
            // Two outputs to one place are told apart by their number.
            let isUnique = settings.count { $0.target.name == output.target.name } == 1
            let name = isUnique ? output.target.name : "\(output.target.name) #\(index + 1)"
            do throws(OutputError) {
                opened.append(try Self.open(output, name, number: index, surroundings))
            } catch {
                throw UserError("\(error)")
            }
        }
        all = opened
    }

    private static func open(
        _ output: OutputSettings, _ name: String, number: Int, _ surroundings: Surroundings
    ) throws(OutputError) -> any OpenOutput {
        if output.takesLines, let target = output.target as? FileTarget {
            return LineOutput(
                output.format, try target.openLines(), name: name, limit: output.queueBytes,
                isPatient: surroundings.isPatient, pseudonyms: surroundings.pseudonyms)
        }
        var options = surroundings.eve
        if let events = output.events { options.types.formIntersection(events) }
        let header = output.syslog.map {
            SyslogHeader(
                facility: $0.facility, host: $0.host ?? options.host ?? hostName, application: $0.application,
                enterprise: $0.enterprise)
        }
        let renderer = MessageRenderer(
            output.format, options, header: header, limit: output.messageLimit, pseudonyms: surroundings.pseudonyms)
        let transport = try output.target.makeTransport(framing: output.framing)
        let backlog: any Backlog =
            if let spool = output.spool {
                try SpoolBacklog(path: spool.path, limit: spool.size)
            } else {
                MemoryBacklog(limit: output.queueBytes)
            }
        let sender = MessageSender(
            name, backlog, transport, isSpooled: output.spool != nil, givesUp: surroundings.isPatient,
            backoff: Backoff(most: output.longestRetry * 1000, seed: surroundings.seed &+ UInt64(number)),
            say: surroundings.say)
        return MessageOutput(
            format: output.format, types: options.types, renderer: renderer, backlog: backlog, limit: output.queueBytes,
            isPatient: surroundings.isPatient, isSpooled: output.spool != nil, sender: sender)
    }

    private static var hostName: String? {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, 255) == 0 else { return nil }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// How every output stands. Any thread.
    var counters: [SinkCounters] { all.map(\.counters) }

    /// Those that render for themselves.
    var messages: [MessageOutput] { all.compactMap { $0 as? MessageOutput } }

    /// Starts the threads that write.
    func start() {
        for output in all { output.start() }
    }

    /// What takes the lines of a format; nil when no output wants them.
    func sink(for format: OutputFormat) -> (any LineSink)? {
        let queues = all.compactMap { $0 as? LineOutput }.filter { $0.format == format }.map(\.queue)
        return queues.count < 2 ? queues.first : FanOutSink(queues)
    }

    /// Sets the moment, in milliseconds of `WaitLock.now`, until which queues may run empty.
    func stop(by moment: Int) {
        for output in all { output.stop(by: moment) }
    }

    /// Waits until the queues are empty or that moment has come, and closes the outputs. Returns what went wrong, in words.
    func close() -> [String] { all.flatMap { $0.close() } }

    /// Both, within some seconds.
    func close(within seconds: Int) -> [String] {
        stop(by: WaitLock.now + seconds * 1000)
        return close()
    }

    /// Turns every file to a new one.
    func rotate() {
        for output in all { output.rotate() }
    }

    /// Takes over what may change while running; false when something else differs.
    func reload(_ others: [OutputSettings]) -> Bool {
        guard others.count == all.count else { return false }
        for (output, other) in zip(all, others) {
            if let output = output as? LineOutput, let target = other.target as? FileTarget { output.take(target.rule) }
        }
        return zip(settings, others).allSatisfy { $0.isSame(as: $1) }
    }
}
