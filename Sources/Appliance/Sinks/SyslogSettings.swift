// How messages are wrapped for syslog.

import Configuration
import Outputs

/// The `syslog` part of an output.
struct SyslogSettings: Sendable, Equatable {
    var facility = 16
    var application = "leptonnet"
    /// Nil for the sensor's name, or the machine's.
    var host: String?
    /// The number that documentation uses (RFC 5612), until a site has its own.
    var enterprise = 32473

    init() {}

    init(_ node: ConfigurationNode) throws(ConfigurationError) {
        try node.allow(["facility", "app-name", "hostname", "enterprise"])
        if let value = try node.value("facility") {
            let name = try value.text()
            guard let number = SyslogHeader.facilities.firstIndex(of: name) else {
                throw value.error(
                    "unknown facility '\(name)'; known: \(SyslogHeader.facilities.joined(separator: ", "))")
            }
            facility = number
        }
        if let value = try node.value("app-name") { application = try Self.name(value, 48) }
        if let value = try node.value("hostname") { host = try Self.name(value, 255) }
        if let value = try node.value("enterprise") { enterprise = try value.integer(in: 1...2_147_483_647) }
    }

    private static func name(_ node: ConfigurationNode, _ length: Int) throws(ConfigurationError) -> String {
        let text = try node.text()
        guard (1...length).contains(text.utf8.count), text.utf8.allSatisfy({ (33...126).contains($0) }) else {
            throw node.error("'\(text)' is not 1 to \(length) printable ASCII characters without spaces")
        }
        return text
    }
}
