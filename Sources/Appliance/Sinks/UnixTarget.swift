// The output kind `unix`.

import Configuration
import Outputs

/// A Unix socket that someone else listens on.
struct UnixTarget: OutputTarget, Equatable {
    let path: String
    /// Whether every message is a datagram of its own.
    let isDatagram: Bool

    static let keys = ["path", "mode"]

    init(_ node: ConfigurationNode) throws(ConfigurationError) {
        guard let value = try node.value("path") else {
            throw node.error("a unix output needs a path, such as path: /run/collector/events.sock")
        }
        path = try value.text()
        guard path.hasPrefix("/") || path.hasPrefix("@") else {
            throw value.error("'\(path)' is not absolute; begin it with / (or @ for an abstract name)")
        }
        guard SocketAddress(path: path) != nil else { throw value.error("the path of a socket has at most 107 bytes") }
        switch try node.value("mode")?.text() {
        case nil, "stream": isDatagram = false
        case "datagram": isDatagram = true
        case let other?: throw node.error("'\(other)' is neither stream nor datagram")
        }
    }

    var name: String { "unix:\(path)" }
    var isSyslog: Bool { false }
    /// What the kernel takes in one datagram by default.
    var messageLimit: Int { isDatagram ? 128 << 10 : .max }
    var noticesFailure: Bool { !isDatagram }

    func makeTransport(framing: MessageFraming) throws(OutputError) -> any MessageTransport {
        SocketTransport(isDatagram ? .unixDatagram(path: path) : .unixStream(path: path), framing: framing, name: name)
    }

    func isSame(as other: any OutputTarget) -> Bool { other as? UnixTarget == self }
}
