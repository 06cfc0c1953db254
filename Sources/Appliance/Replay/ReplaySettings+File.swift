// Settings from a YAML file.

import Configuration
import FlowTable
import Glibc
import Outputs

extension ReplaySettings {
    /// Takes over what a configuration file says.
    ///
    /// - Throws: `UserError` with file, line and mend. Unknown keys are refused.
    public mutating func apply(file path: String) throws {
        guard let bytes = FileContent.read(path) else {
            throw UserError("\(path): cannot be read: \(String(cString: strerror(errno))); name a YAML file")
        }
        do {
            try apply(ConfigurationNode(parsing: String(decoding: bytes, as: UTF8.self), path: path))
        } catch {
            throw UserError("\(error)")
        }
    }

    /// Takes over what a parsed configuration says.
    mutating func apply(_ root: ConfigurationNode) throws(ConfigurationError) {
        try root.allow([
            "sensor", "workers", "events", "flow-memory", "seed", "community-id-seed", "stats-interval", "timeouts",
        ])
        if let node = try root.value("sensor") { sensor = try node.text() }
        if let node = try root.value("workers") { workers = try node.integer(in: 1...64) }
        if let node = try root.value("flow-memory") { table.memory = try node.bytes() }
        if let node = try root.value("seed") { seed = UInt64(try node.integer(in: 0...Int.max)) }
        if let node = try root.value("community-id-seed") {
            communityIDSeed = UInt16(try node.integer(in: 0...65535))
        }
        if let node = try root.value("stats-interval") { statisticsInterval = Int64(try node.seconds()) }
        if let node = try root.value("events") {
            var chosen = EventSelection()
            for element in try node.elements() {
                let name = try element.text()
                guard chosen.insert(name) else {
                    throw element.error("unknown event type '\(name)'; known: \(EventSelection.names)")
                }
            }
            select(chosen)
        }
        if let node = try root.value("timeouts") { try applyTimeouts(node) }
    }

    private mutating func applyTimeouts(_ node: ConfigurationNode) throws(ConfigurationError) {
        let known: [(String, WritableKeyPath<ReplaySettings, Int>)] = [
            ("active", \.table.timeouts.active),
            ("tcp-opening", \.table.timeouts.tcpOpening),
            ("tcp-established", \.table.timeouts.tcpEstablished),
            ("tcp-closing", \.table.timeouts.tcpClosing),
            ("tcp-closed", \.table.timeouts.tcpClosed),
            ("udp-unanswered", \.table.timeouts.udpUnanswered),
            ("udp-answered", \.table.timeouts.udpAnswered),
            ("other-unanswered", \.table.timeouts.otherUnanswered),
            ("other-answered", \.table.timeouts.otherAnswered),
        ]
        try node.allow(known.map(\.0))
        for (key, path) in known {
            guard let value = try node.value(key) else { continue }
            let seconds = try value.seconds()
            guard seconds <= 86_400 else { throw value.error("a timeout is at most one day (1d)") }
            self[keyPath: path] = seconds
        }
    }
}
