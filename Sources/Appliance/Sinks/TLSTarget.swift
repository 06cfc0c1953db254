// The output kind `tls`.

import Configuration
import Outputs
import SecureStream

/// A receiver on the network, spoken to through TLS (RFC 5425).
struct TLSTarget: OutputTarget, Equatable {
    let settings: SecureStreamSettings

    static let keys = ["host", "port", "ca", "certificate", "key", "server-name"]

    init(_ node: ConfigurationNode) throws(ConfigurationError) {
        guard let host = try node.value("host") else {
            throw node.error("a tls output needs a host, such as host: siem.example")
        }
        var settings = SecureStreamSettings(
            host: try host.text(), port: try node.value("port")?.integer(in: 1...65535) ?? 6514)
        settings.serverName = try node.value("server-name")?.text()
        settings.authorities = try node.value("ca")?.text()
        settings.certificate = try node.value("certificate")?.text()
        settings.key = try node.value("key")?.text()
        guard (settings.certificate == nil) == (settings.key == nil) else {
            throw node.error("a certificate and its key go together; name both or none")
        }
        self.settings = settings
    }

    var name: String { "tls:\(settings.host):\(settings.port)" }
    var isSyslog: Bool { true }
    var messageLimit: Int { 8192 }
    var noticesFailure: Bool { true }

    func makeTransport(framing: MessageFraming) throws(OutputError) -> any MessageTransport {
        try TLSTransport(settings, framing: framing, name: name)
    }

    func isSame(as other: any OutputTarget) -> Bool { other as? TLSTarget == self }
}
