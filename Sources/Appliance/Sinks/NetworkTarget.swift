// The output kinds `udp` and `tcp`.

import Configuration
import Outputs

/// A receiver on the network, spoken to in the clear.
struct NetworkTarget: OutputTarget, Equatable {
    let host: String
    let port: Int
    let isStream: Bool

    static let keys = ["host", "port"]

    init(_ node: ConfigurationNode, isStream: Bool) throws(ConfigurationError) {
        let kind = isStream ? "tcp" : "udp"
        guard let value = try node.value("host") else {
            throw node.error("a \(kind) output needs a host, such as host: siem.example")
        }
        host = try value.text()
        guard !host.isEmpty else { throw value.error("a host has a name or an address") }
        port = try node.value("port")?.integer(in: 1...65535) ?? 514
        self.isStream = isStream
    }

    var name: String { "\(isStream ? "tcp" : "udp"):\(host):\(port)" }
    var isSyslog: Bool { true }
    /// What receivers of RFC 5424 should take (section 6.1) in one datagram, and what rsyslog takes by default.
    var messageLimit: Int { isStream ? 8192 : 2048 }
    var noticesFailure: Bool { isStream }

    func makeTransport(framing: MessageFraming) throws(OutputError) -> any MessageTransport {
        SocketTransport(
            isStream ? .tcp(host: host, port: port) : .udp(host: host, port: port), framing: framing, name: name)
    }

    func isSame(as other: any OutputTarget) -> Bool { other as? NetworkTarget == self }
}
