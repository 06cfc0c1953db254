// Detection policy from YAML files: what counts how much, and what alerts are called.

import Anomaly
import Configuration
import Glibc

/// Reads a folder of rule files. A file holds rules of one or more families; families without a rule keep the one that
/// is built in.
public struct RulesFolder {
    let families: [FamilyRule]
    /// The files read, by name.
    public let files: [String]

    /// - Throws: `UserError` with file, line and mend for the first mistake.
    public init(path: String) throws(UserError) {
        var families = FeatureFamily.allCases.map(\.defaultRule)
        files = try Self.names(in: path)
        var owners: [Int: String] = [:]
        for file in files {
            let bytes = try FileBytes.read(file, expecting: "a folder of rule files")
            do {
                let root = try ConfigurationNode(parsing: String(decoding: bytes, as: UTF8.self), path: file)
                try root.allow(["rules"])
                guard let list = try root.value("rules") else { throw root.error("expected a list under 'rules'") }
                for node in try list.elements() {
                    let (family, rule) = try Self.rule(node, over: families)
                    if let owner = owners[family] {
                        throw node.error("this family has a rule in \(owner) already; keep one of them")
                    }
                    owners[family] = file
                    families[family] = rule
                }
            } catch {
                throw UserError("\(error)")
            }
        }
        self.families = families
    }

    /// The YAML files of a folder, in order of name.
    private static func names(in folder: String) throws(UserError) -> [String] {
        guard let directory = opendir(folder) else {
            throw UserError("\(folder): cannot be read: \(String(cString: strerror(errno))); name a folder of rules")
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(".yaml"), name != ClassRulesFile.name { names.append("\(folder)/\(name)") }
        }
        guard !names.isEmpty else { throw UserError("\(folder): there is no file with the ending .yaml") }
        return names.sorted()
    }

    private static func rule(
        _ node: ConfigurationNode, over families: [FamilyRule]
    ) throws(ConfigurationError) -> (Int, FamilyRule) {
        try node.allow([
            "family", "cap", "weight", "severity", "signature", "category", "technique", "tactic", "references",
        ])
        guard let familyNode = try node.value("family") else { throw node.error("a rule names its family") }
        let name = try familyNode.text()
        guard let family = FeatureFamily.allCases.first(where: { "\($0.name)" == name }) else {
            let known = FeatureFamily.allCases.map { "\($0.name)" }.joined(separator: ", ")
            throw familyNode.error("unknown family '\(name)'; known: \(known)")
        }
        var rule = families[Int(family.rawValue)]
        if let value = try node.value("cap") { rule.cap = try number(value, in: 0...8) }
        if let value = try node.value("weight") { rule.weight = try number(value, in: 0...4) }
        if let value = try node.value("severity") { rule.severity = UInt8(try value.integer(in: 1...4)) }
        if let value = try node.value("signature") { rule.signature = try value.text() }
        if let value = try node.value("category") { rule.category = try value.text() }
        if let value = try node.value("technique") { rule.technique = try named(value, prefix: "T") }
        if let value = try node.value("tactic") { rule.tactic = try named(value, prefix: "TA") }
        if let value = try node.value("references") {
            rule.references = []
            for element in try value.elements() { rule.references.append(try element.text()) }
        }
        return (Int(family.rawValue), rule)
    }

    private static func number(
        _ node: ConfigurationNode, in range: ClosedRange<Float>
    ) throws(ConfigurationError) -> Float {
        let text = try node.text()
        guard let value = Float(text), range.contains(value) else {
            throw node.error("'\(text)' is not a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// An ATT&CK identifier and its name.
    private static func named(
        _ node: ConfigurationNode, prefix: String
    ) throws(ConfigurationError) -> (id: String, name: String) {
        try node.allow(["id", "name"])
        guard let id = try node.value("id"), let name = try node.value("name") else {
            throw node.error("expected id and name")
        }
        let text = try id.text()
        let digits = text.dropFirst(prefix.count)
        guard text.hasPrefix(prefix), digits.count >= 4, digits.allSatisfy({ $0.isNumber || $0 == "." }) else {
            throw id.error(
                "'\(text)' is no ATT&CK identifier; write for example \(prefix)\(prefix == "T" ? "1046" : "0007")")
        }
        return (text, try name.text())
    }
}

extension ReplaySettings {
    /// Takes the policy of a folder of rules.
    public mutating func apply(rules folder: RulesFolder) {
        detection?.families = folder.families
    }
}
