// A YAML node that knows where it stands, and complains in lines.

import Yams

/// A node of a YAML file. Getters throw `ConfigurationError` with the node's line; `finish` refuses keys nobody asked
/// for, so that a misspelt key is never silently ignored.
public struct ConfigurationNode {
    let node: Node
    let path: String

    /// Parses a whole file.
    ///
    /// - Parameters:
    ///   - text: the file's content.
    ///   - path: its name, for messages.
    public init(parsing text: String, path: String) throws(ConfigurationError) {
        do {
            node = try Yams.compose(yaml: text) ?? Node([] as [(Node, Node)])
        } catch {
            let reason = "\(error)".split(separator: "\n").first ?? "unreadable"
            let hint = reason.contains("scanning a tag") ? "; what begins with ! stands in quotes" : ""
            throw ConfigurationError(
                path: path, line: (error as? YamlError).flatMap(Self.line),
                message: "this is not YAML: \(reason)\(hint)")
        }
        self.path = path
    }

    private init(_ node: Node, path: String) {
        self.node = node
        self.path = path
    }

    /// Line of the node, from one.
    public var line: Int? { node.mark?.line }

    /// An error at this node.
    public func error(_ message: String) -> ConfigurationError {
        ConfigurationError(path: path, line: line, message: message)
    }

    private func mapping() throws(ConfigurationError) -> Node.Mapping {
        guard let mapping = node.mapping else { throw error("expected keys and values here (KEY: VALUE)") }
        return mapping
    }

    /// The value of a key, nil without it.
    public func value(_ key: String) throws(ConfigurationError) -> ConfigurationNode? {
        try mapping().first { $0.key.string == key }.map { ConfigurationNode($0.value, path: path) }
    }

    /// Keys in the file's order.
    public func keys() throws(ConfigurationError) -> [String] {
        try mapping().map { $0.key.string ?? "" }
    }

    /// Refuses keys other than these.
    public func allow(_ keys: [String]) throws(ConfigurationError) {
        for (key, _) in try mapping() where !keys.contains(key.string ?? "") {
            throw ConfigurationError(
                path: path, line: key.mark?.line,
                message: "unknown key '\(key.string ?? "?")'; known here: \(keys.joined(separator: ", "))")
        }
    }

    /// The elements of a list.
    public func elements() throws(ConfigurationError) -> [ConfigurationNode] {
        guard let sequence = node.sequence else { throw error("expected a list here (- ELEMENT)") }
        return sequence.map { ConfigurationNode($0, path: path) }
    }

    /// The value as text.
    public func text() throws(ConfigurationError) -> String {
        guard let text = node.scalar?.string else { throw error("expected a plain value here") }
        return text
    }

    /// The value as a whole number within a range.
    public func integer(in range: ClosedRange<Int>) throws(ConfigurationError) -> Int {
        let text = try text()
        guard let value = Int(text), range.contains(value) else {
            throw error("'\(text)' is not a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// The value as `true` or `false`.
    public func flag() throws(ConfigurationError) -> Bool {
        switch try text() {
        case "true", "yes", "on": return true
        case "false", "no", "off": return false
        case let other: throw error("'\(other)' is neither true nor false")
        }
    }

    /// The value as a number of seconds: `90`, `90s`, `15m`, `2h`.
    public func seconds() throws(ConfigurationError) -> Int {
        let text = try text()
        guard let value = UnitText.seconds(text), value > 0 else {
            throw error("'\(text)' is not a duration; write for example 90s, 15m or 2h")
        }
        return value
    }

    /// The value as a number of bytes: `512MiB`, `2GiB`, `65536`.
    public func bytes() throws(ConfigurationError) -> Int {
        let text = try text()
        guard let value = UnitText.bytes(text), value > 0 else {
            throw error("'\(text)' is not a size; write for example 512MiB or 2GiB")
        }
        return value
    }

    /// The value as bit/s: `64kbit`, `20Mbit`, `1Gbit`.
    public func bitRate() throws(ConfigurationError) -> Int {
        let text = try text()
        guard let value = UnitText.bitRate(text), value > 0, value <= 1_000_000_000_000 else {
            throw error("'\(text)' is not a rate up to 1000Gbit; write for example 64kbit, 20Mbit or 1Gbit")
        }
        return value
    }

    /// The value as microseconds: `500us`, `10ms`, `1s`.
    public func microseconds() throws(ConfigurationError) -> Int {
        let text = try text()
        guard let value = UnitText.microseconds(text), value <= 10_000_000 else {
            throw error("'\(text)' is not a delay up to 10s; write for example 500us or 10ms")
        }
        return value
    }

    /// The value as a share, in parts per million: `15%`, `0.5%`.
    public func share() throws(ConfigurationError) -> Int {
        let text = try text()
        guard text.hasSuffix("%"), let value = Double(text.dropLast()), (0...100).contains(value) else {
            throw error("'\(text)' is not a share from 0% to 100%")
        }
        return Int((value * 10_000).rounded())
    }

    private static func line(of error: YamlError) -> Int? {
        switch error {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        default: nil
        }
    }
}
