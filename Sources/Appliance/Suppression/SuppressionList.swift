// The suppression file, and the one place where it is decided what is hidden.

import Anomaly
import Configuration
import NetTypes

/// The entries of a suppression file, in its order.
public struct SuppressionList: Sendable {
    let entries: [Suppression]
    let path: String

    /// Reads a file.
    ///
    /// - Throws: `UserError` with file, line and mend for the first mistake.
    public init(path: String) throws(UserError) {
        let bytes = try FileBytes.read(path, expecting: "a suppression file (YAML)")
        do {
            try self.init(ConfigurationNode(parsing: String(decoding: bytes, as: UTF8.self), path: path), path: path)
        } catch {
            throw UserError("\(error)")
        }
    }

    init(_ root: ConfigurationNode, path: String) throws(ConfigurationError) {
        try root.allow(["suppressions"])
        guard let list = try root.value("suppressions") else {
            throw root.error("expected a list under 'suppressions'")
        }
        var entries: [Suppression] = []
        for node in try list.elements() { entries.append(try Self.entry(node)) }
        self.entries = entries
        self.path = path
    }

    /// How many entries there are.
    public var count: Int { entries.count }

    /// The first entry that hides an alert; nil when it is to be seen. Every detector's alerts are decided here.
    func entry(hiding alert: SuppressionSubject) -> Int? {
        entries.firstIndex { $0.hides(alert) }
    }

    private static func entry(_ node: ConfigurationNode) throws(ConfigurationError) -> Suppression {
        try node.allow(["host", "pair", "service", "rule", "until", "reason"])
        guard let reason = try node.value("reason"), try !reason.text().isEmpty else {
            throw node.error("say under 'reason' why these alerts are not wanted")
        }
        guard let until = try node.value("until") else {
            throw node.error("say under 'until' when this ends, such as 2026-01-31, or 'never'")
        }
        var entry = Suppression(reason: try reason.text(), line: node.line ?? 0)
        if try until.text() != "never" {
            guard let expiry = MomentText.timestamp(try until.text()) else {
                throw until.error(
                    "'\(try until.text())' is no moment; write for example 2026-01-31, 2026-01-31T08:00:00Z or never")
            }
            entry.expiry = expiry
        }
        if let host = try node.value("host") { entry.host = try address(host) }
        if let pair = try node.value("pair") {
            let both = try pair.elements()
            guard both.count == 2 else { throw pair.error("a pair is two addresses: [10.0.0.5, 10.0.0.9]") }
            entry.pair = (try address(both[0]), try address(both[1]))
        }
        if let service = try node.value("service") {
            guard let pattern = ServicePattern(try service.text()) else {
                throw service.error("'\(try service.text())' is no service; write for example tcp/443, udp/* or 53")
            }
            entry.service = pattern
        }
        if let rule = try node.value("rule") { entry.rule = try self.rule(rule) }
        guard !entry.isEverything else {
            throw node.error("this would hide every alert; name a host, a pair, a service or a rule")
        }
        return entry
    }

    private static func address(_ node: ConfigurationNode) throws(ConfigurationError) -> AddressPattern {
        guard let pattern = AddressPattern(try node.text()) else {
            throw node.error(
                "'\(try node.text())' is no address; write for example 10.0.0.5, 10.0.0.0/24, 10.0.* or 2001:db8::/32")
        }
        return pattern
    }

    private static func rule(_ node: ConfigurationNode) throws(ConfigurationError) -> String {
        let text = try node.text()
        let families = FeatureFamily.allCases.map { "\($0.name)" }
        let signatures = FeatureFamily.allCases.map { "\(9_100_001 + UInt32($0.rawValue))" }
        let isKnown =
            text.hasSuffix("*")
            ? (families + signatures).contains { $0.hasPrefix(text.dropLast()) }
            : (families + signatures).contains(text)
        guard isKnown else {
            throw node.error("no rule is called '\(text)'; known: \(families.joined(separator: ", "))")
        }
        return text
    }
}

extension ReplaySettings {
    /// Withholds the alerts that a suppression file names.
    public mutating func apply(suppressions list: SuppressionList) {
        suppressions = list
    }
}
