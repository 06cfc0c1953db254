// Where an output keeps what has not arrived.

import Configuration

/// The `spool` part of an output.
struct SpoolSettings: Sendable, Equatable {
    var path: String
    /// Bytes on disk.
    var size = 1 << 30

    init(_ node: ConfigurationNode) throws(ConfigurationError) {
        try node.allow(["path", "size"])
        guard let value = try node.value("path") else {
            throw node.error("a spool needs a folder of its own, such as path: /var/lib/leptonnet/spool/siem")
        }
        path = try value.text()
        guard path.hasPrefix("/") else { throw value.error("'\(path)' is not absolute; begin it with /") }
        guard let limit = try node.value("size") else { return }
        size = try limit.bytes()
        guard size >= 1 << 20 else { throw limit.error("a spool has at least 1MiB") }
    }
}
