// The rules that flows are classified by, from a YAML file.

import Configuration
import NetTypes
import Shaper

/// Reads `rules/classes.yaml`.
public struct ClassRulesFile {
    /// What `RulesFolder` must not take for a file of detection rules.
    static let name = "classes.yaml"

    let rules: [ClassRule]
    let otherwise: TrafficClass

    /// - Throws: `UserError` with file, line and mend for the first mistake.
    public init(path: String) throws(UserError) {
        let bytes = try FileBytes.read(path, expecting: "a file of class rules, such as rules/classes.yaml")
        do {
            let root = try ConfigurationNode(parsing: String(decoding: bytes, as: UTF8.self), path: path)
            try root.allow(["classes", "otherwise"])
            guard let list = try root.value("classes"), let otherwise = try root.value("otherwise") else {
                throw root.error("expected a list under 'classes' and a class under 'otherwise'")
            }
            var rules: [ClassRule] = []
            for node in try list.elements() { rules.append(try Self.rule(node)) }
            self.rules = rules
            self.otherwise = try Self.trafficClass(otherwise)
        } catch {
            throw UserError("\(error)")
        }
    }

    private static func rule(_ node: ConfigurationNode) throws(ConfigurationError) -> ClassRule {
        try node.allow([
            "class", "name", "transport", "ports", "application", "dscp", "size", "size_spread", "gap", "gap_spread",
            "full_up", "full_down", "two_way",
        ])
        guard let className = try node.value("class"), let name = try node.value("name") else {
            throw node.error("a rule needs 'class' and 'name'")
        }
        var rule = ClassRule(try trafficClass(className), name: try name.text())
        if let transports = try node.value("transport") {
            rule.transports = Set(try words(transports, ["tcp": 6, "udp": 17, "icmp": 1, "icmp6": 58, "sctp": 132]))
        }
        if let ports = try node.value("ports") {
            var ranges: [ClosedRange<UInt16>] = []
            for element in try ports.elements() { ranges.append(try portRange(element)) }
            rule.ports = ranges
        }
        if let applications = try node.value("application") {
            let names = ApplicationProtocol.allCases.map { ("\($0.name)", $0) }
            rule.applications = Set(try words(applications, Dictionary(uniqueKeysWithValues: names)))
        }
        if let codePoints = try node.value("dscp") {
            var values: Set<UInt8> = []
            for element in try codePoints.elements() { values.insert(UInt8(try element.integer(in: 0...63))) }
            rule.codePoints = values
        }
        rule.size = try bounds(node, "size")
        rule.sizeSpread = try bounds(node, "size_spread")
        rule.gap = try bounds(node, "gap")
        rule.gapSpread = try bounds(node, "gap_spread")
        rule.fullUp = try bounds(node, "full_up")
        rule.fullDown = try bounds(node, "full_down")
        rule.twoWay = try bounds(node, "two_way")
        return rule
    }

    static func trafficClass(_ node: ConfigurationNode) throws(ConfigurationError) -> TrafficClass {
        let text = try node.text()
        guard let found = TrafficClass.allCases.first(where: { $0.name == text }), found != .quarantine else {
            throw node.error("'\(text)' is no class for flows; there are voice, video, web and bulk")
        }
        return found
    }

    private static func words<Value>(
        _ node: ConfigurationNode, _ known: [String: Value]
    ) throws(ConfigurationError) -> [Value] {
        var values: [Value] = []
        for element in try node.elements() {
            let text = try element.text()
            guard let value = known[text] else {
                throw element.error("'\(text)' is unknown here; known: \(known.keys.sorted().joined(separator: ", "))")
            }
            values.append(value)
        }
        return values
    }

    private static func portRange(_ node: ConfigurationNode) throws(ConfigurationError) -> ClosedRange<UInt16> {
        let text = try node.text()
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
        guard (1...2).contains(parts.count), let first = parts[0], let last = parts[parts.count - 1], first <= last
        else { throw node.error("'\(text)' is no port; write 443 or 10000-20000") }
        return first...last
    }

    private static func bounds(
        _ node: ConfigurationNode, _ key: String
    ) throws(ConfigurationError) -> ClosedRange<Double>? {
        guard let value = try node.value(key) else { return nil }
        let text = try value.text()
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Double($0) }
        guard parts.count == 2, let low = parts[0], let high = parts[1], low <= high, high.isFinite else {
            throw value.error("'\(text)' is no range; write LOW-HIGH, such as 60-300 or 0-0.15")
        }
        return low...high
    }
}
