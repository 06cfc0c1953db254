// An output that takes lines as the pipeline renders them.

import CLinux
import NetTypes
import Outputs
import Pseudonyms

/// A file of lines behind a queue.
final class LineOutput: OpenOutput {
    let format: OutputFormat
    let queue: QueuedSink
    private let file: RotatingFileSink
    private let pseudonymKey: [UInt8]?

    init(
        _ format: OutputFormat, _ file: RotatingFileSink, name: String, limit: Int, isPatient: Bool,
        pseudonyms: [UInt8]?
    ) {
        self.format = format
        self.file = file
        pseudonymKey = pseudonyms
        queue = QueuedSink(file, name: name, limit: limit, isPatient: isPatient)
    }

    var carriesAlerts: Bool { format.hasAlerts }

    var counters: SinkCounters {
        let state = queue.report
        var counters = SinkCounters(name: queue.name, format: format.rawValue, transport: "file")
        counters.queuedBytes = state.queuedBytes
        counters.written = state.writtenLines - state.lostLines
        counters.shed = state.shedLines
        counters.lost = state.lostLines
        counters.failure = state.failure?.description
        counters.isConnected = state.failure == nil
        return counters
    }

    func start() { queue.start() }

    func rotate() { file.requestRotation() }

    /// Takes over another rule of rotation.
    func take(_ rule: RotationRule) { file.rule = rule }

    func watch(for attacker: IPAddress, then body: @escaping @Sendable () -> Void) {
        let shown = pseudonymKey.map { AddressPseudonyms(key: $0).pseudonym(of: attacker) } ?? attacker
        let mark = Array("\"\(shown)\"".utf8)
        queue.watch { bytes in
            let isSeen = Self.hasAlert(bytes, mark)
            if isSeen { body() }
            return isSeen
        }
    }

    /// Whether a line is an alert about the marked address.
    private static func hasAlert(_ bytes: UnsafeRawBufferPointer, _ mark: [UInt8]) -> Bool {
        let kind = Array("\"event_type\":\"alert\"".utf8)
        return bytes.split(separator: UInt8(ascii: "\n")).contains { line in
            let line = UnsafeRawBufferPointer(rebasing: line)
            return lepton_contains(line.baseAddress, line.count, kind, kind.count) != 0
                && lepton_contains(line.baseAddress, line.count, mark, mark.count) != 0
        }
    }

    func stop(by deadline: Int) { queue.stop(by: deadline) }

    func close() -> [String] {
        do {
            try queue.close()
            return []
        } catch {
            return ["\(error)"]
        }
    }
}
