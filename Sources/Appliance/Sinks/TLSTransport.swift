// Messages through TLS: joins the transport that outputs know with the one target that knows swift-nio.

import Outputs
import SecureStream

/// Sends framed messages through an encrypted connection.
final class TLSTransport: MessageTransport, @unchecked Sendable {
    private let stream: SecureStream
    private let framing: MessageFraming
    private let name: String
    private var buffer = LineBuffer()

    /// Reads certificates and key.
    init(_ settings: SecureStreamSettings, framing: MessageFraming, name: String) throws(OutputError) {
        self.framing = framing
        self.name = name
        do {
            stream = try SecureStream(settings)
        } catch {
            throw .unreachable(name, "\(error)")
        }
    }

    var kind: String { "tls" }

    /// Longer than bytes may stay unacknowledged before the kernel gives the connection up.
    var settleTime: Int { 12 }

    func connect() throws(OutputError) {
        do {
            try stream.connect()
        } catch {
            throw .unreachable(name, "\(error)")
        }
    }

    func send(_ messages: borrowing MessageBuffer) throws(OutputError) {
        buffer.clear()
        framing.append(messages, to: &buffer)
        do throws(SecureStreamError) {
            try buffer.withBytes { bytes throws(SecureStreamError) in try stream.send(bytes) }
        } catch {
            throw .unreachable(name, "\(error)")
        }
    }

    func attend() throws(OutputError) {
        guard !stream.isOpen else { return }
        throw .unreachable(name, "the other end has closed the connection")
    }

    func finish() -> Bool {
        let hasArrived = stream.finish(milliseconds: 1000)
        stream.shutDown()
        return hasArrived
    }

    func disconnect() {
        stream.disconnect()
    }
}
