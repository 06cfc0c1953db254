// Messages into a file, a line each.

/// Appends messages to a file with rotation. A full disk is a broken connection: messages wait until there is room.
public final class FileTransport: MessageTransport, @unchecked Sendable {
    private let path: String
    private let rule: RotationRule
    private var file: RotatingFileSink?
    private var lines = LineBuffer()
    private var lost: UInt64 = 0
    private let rotation = RotationRequest()

    public init(path: String, rule: RotationRule) {
        self.path = path
        self.rule = rule
    }

    public var kind: String { "file" }
    public var settleTime: Int { 0 }

    public func connect() throws(OutputError) {
        disconnect()
        file = try RotatingFileSink(path: path, rule: rule)
        lost = 0
    }

    public func send(_ messages: borrowing MessageBuffer) throws(OutputError) {
        lines.clear()
        MessageFraming.lines.append(messages, to: &lines)
        if rotation.take() { file?.requestRotation() }
        file?.write(lines)
        try check()
    }

    public func attend() throws(OutputError) {
        if rotation.take() { file?.requestRotation() }
        file?.attend()
        try check()
    }

    private func check() throws(OutputError) {
        guard let file, file.lostLines > lost else { return }
        let failure = file.failure
        disconnect()
        throw failure ?? .unreachable(path, "lines were lost")
    }

    public func finish() -> Bool {
        guard let file else { return false }
        self.file = nil
        do {
            try file.close()
            return true
        } catch {
            return false
        }
    }

    public func disconnect() {
        if let file { try? file.close() }
        file = nil
    }

    public func rotate() {
        rotation.request()
    }
}
