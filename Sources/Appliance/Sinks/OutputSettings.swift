// One output of a live run.

import Configuration
import Outputs

/// What the lines of an output are.
enum OutputFormat: String, CaseIterable, Sendable {
    case eve
    /// What EVE has no room for: the lines of `leptonnet.json`.
    case supplement
}

/// An output: what it is written as, where it goes, how much of it may wait.
struct OutputSettings: Sendable {
    var format = OutputFormat.eve
    var target: any OutputTarget
    /// Bytes that wait while the target is slow; beyond them lines are shed and counted.
    var queueBytes = 32 << 20

    private static let keys = ["type", "format", "queue"]

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
    }
}
