// One output of a run.

import Configuration
import Outputs

/// An output: what it is written as, where it goes, how much of it may wait and where.
struct OutputSettings: Sendable {
    var format = OutputFormat.eve
    var target: any OutputTarget
    /// Bytes that wait in memory while the target is slow; beyond them messages are shed and counted.
    var queueBytes = 32 << 20
    /// Types of events that it wants; nil for all that are written at all.
    var events: EVEEventTypes?
    /// Nil for messages as they are.
    var syslog: SyslogSettings?
    var framing = MessageFraming.lines
    /// Bytes that a message may have.
    var messageLimit = Int.max
    var spool: SpoolSettings?
    /// Seconds that the output waits at most before it tries again.
    var longestRetry = 30

    private static let keys = [
        "type", "format", "queue", "events", "syslog", "framing", "max-message", "spool", "longest-retry",
    ]

    init(_ format: OutputFormat, _ target: any OutputTarget) {
        self.format = format
        self.target = target
    }

    init(_ node: ConfigurationNode) throws(ConfigurationError) {
        let known = OutputKind.all.map(\.name).joined(separator: ", ")
        guard let type = try node.value("type") else {
            throw node.error("an output needs a type; known: \(known)")
        }
        let name = try type.text()
        guard let kind = OutputKind.all.first(where: { $0.name == name }) else {
            throw type.error("unknown type of output '\(name)'; known: \(known)")
        }
        try node.allow(Self.keys + kind.keys)
        target = try kind.parse(node)
        if let value = try node.value("format") {
            let text = try value.text()
            guard let chosen = OutputFormat(rawValue: text) else {
                let formats = OutputFormat.allCases.map(\.rawValue).joined(separator: ", ")
                throw value.error("unknown format '\(text)'; known: \(formats)")
            }
            format = chosen
        }
        if let value = try node.value("queue") { queueBytes = try value.bytes() }
        if let value = try node.value("events") { events = try Self.types(value) }
        try readSyslog(node)
        if let value = try node.value("spool") {
            guard target.noticesFailure else {
                throw value.error(
                    "datagrams vanish without a word, so a spool would keep nothing; use tcp, tls, a unix stream or a file"
                )
            }
            spool = try SpoolSettings(value)
        }
        if let value = try node.value("longest-retry") { longestRetry = try value.seconds() }
    }

    private mutating func readSyslog(_ node: ConfigurationNode) throws(ConfigurationError) {
        syslog = target.isSyslog ? SyslogSettings() : nil
        if let value = try node.value("syslog") {
            switch try? value.text() {
            case "true": syslog = SyslogSettings()
            case "false": syslog = nil
            default: syslog = try SyslogSettings(value)
            }
        }
        framing = syslog != nil && target.isSyslog ? .octets : .lines
        if let value = try node.value("framing") {
            let text = try value.text()
            guard let chosen = MessageFraming(rawValue: text) else {
                throw value.error("'\(text)' is neither octets (length before each message) nor lines")
            }
            framing = chosen
        }
        messageLimit = target.messageLimit
        if let value = try node.value("max-message") {
            messageLimit = try value.bytes()
            guard (480...65_000).contains(messageLimit) else {
                throw value.error("a message has from 480 bytes, which every receiver takes, to 65000")
            }
        }
    }

    private static func types(_ node: ConfigurationNode) throws(ConfigurationError) -> EVEEventTypes {
        var types: EVEEventTypes = []
        for element in try node.elements() {
            let name = try element.text()
            guard let found = EVEEventTypes.named.first(where: { $0.name == name }) else {
                let known = EVEEventTypes.named.map(\.name).joined(separator: ", ")
                throw element.error("unknown event type '\(name)'; known: \(known)")
            }
            types.insert(found.type)
        }
        guard !types.isEmpty else { throw node.error("name an event type, such as alert") }
        return types
    }

    /// Whether it takes the lines as the pipeline renders them anyway.
    var takesLines: Bool {
        target is FileTarget && (format == .eve || format == .supplement) && events == nil && syslog == nil
            && spool == nil
    }

    var folders: [String] { target.folders + (spool.map { [$0.path] } ?? []) }

    /// Whether it says the same as another one, apart from what may change while running.
    func isSame(as other: OutputSettings) -> Bool {
        target.isSame(as: other.target) && format == other.format && queueBytes == other.queueBytes
            && events == other.events && syslog == other.syslog && framing == other.framing
            && messageLimit == other.messageLimit && spool == other.spool && longestRetry == other.longestRetry
    }
}
