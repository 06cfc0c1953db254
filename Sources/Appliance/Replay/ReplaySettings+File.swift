// Settings from a YAML file.

import Configuration
import FlowTable
import NetTypes
import Outputs

extension ReplaySettings {
    /// Takes over what a configuration file says.
    ///
    /// - Throws: `UserError` with file, line and mend. Unknown keys are refused.
    public mutating func apply(file path: String) throws(UserError) {
        let bytes = try FileBytes.read(path, expecting: "a YAML file")
        do {
            try apply(ConfigurationNode(parsing: String(decoding: bytes, as: UTF8.self), path: path))
        } catch {
            throw UserError("\(error)")
        }
    }

    static let keys = [
        "sensor", "workers", "events", "flow-memory", "seed", "community-id-seed", "stats-interval", "timeouts",
        "detection", "home-networks", "outputs", "pseudonyms",
    ]

    /// Takes over what a parsed configuration says.
    mutating func apply(_ root: ConfigurationNode) throws(ConfigurationError) {
        // One file serves replay and live: what only one of them needs is known to both.
        try root.allow(Self.keys + LiveSettings.keys)
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
        if let node = try root.value("detection") { try applyDetection(node) }
        if let node = try root.value("home-networks") { try applyHomeNetworks(node) }
        if let node = try root.value("outputs") {
            outputs = []
            for element in try node.elements() { outputs.append(try OutputSettings(element)) }
        }
        if let node = try root.value("pseudonyms") {
            try node.allow(["key-file"])
            guard let value = try node.value("key-file") else { throw node.error("pseudonyms need a key-file") }
            pseudonymKey = try PseudonymKey.read(value)
        }
    }

    private mutating func applyHomeNetworks(_ node: ConfigurationNode) throws(ConfigurationError) {
        let elements = try node.elements()
        var texts: [String] = []
        for element in elements { texts.append(try element.text()) }
        do {
            homeNetworks = try HomeNetworks(texts)
        } catch {
            throw elements[error.index].error(error.description)
        }
    }

    private mutating func applyDetection(_ node: ConfigurationNode) throws(ConfigurationError) {
        try node.allow(["enabled", "baseline", "incidents-per-hour", "rules", "drop-features"])
        if let value = try node.value("enabled"), try !value.flag() { return omitDetection() }
        if let value = try node.value("baseline") { _ = setBaseline("\(try value.seconds())s") }
        if let value = try node.value("incidents-per-hour") { setBudget(Double(try value.integer(in: 1...1000))) }
        if let value = try node.value("rules") {
            do {
                apply(rules: try RulesFolder(path: try value.text()))
            } catch let error as UserError {
                throw value.error(error.description)
            } catch let error as ConfigurationError {
                throw error
            } catch {
                throw value.error("\(error)")
            }
        }
        if let value = try node.value("drop-features") {
            for element in try value.elements() {
                if let unknown = dropFeatures(try element.text()) {
                    throw element.error("unknown feature '\(unknown)'; known: \(Self.featureNames)")
                }
            }
        }
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
