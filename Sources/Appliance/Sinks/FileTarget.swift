// The output kind `file`.

import Configuration
import Outputs

/// A file of lines, with rotation.
struct FileTarget: OutputTarget {
    var path: String
    var rule = RotationRule()

    static let keys = ["path", "rotate"]

    init(path: String) {
        self.path = path
    }

    init(_ node: ConfigurationNode) throws(ConfigurationError) {
        guard let value = try node.value("path") else {
            throw node.error("a file output needs a path, such as path: /var/log/leptonnet/eve.json")
        }
        path = try value.text()
        guard path.hasPrefix("/") else { throw value.error("'\(path)' is not absolute; begin it with /") }
        guard let rotate = try node.value("rotate") else { return }
        try rotate.allow(["size", "age", "keep"])
        if let size = try rotate.value("size") { rule.size = try size.bytes() }
        if let age = try rotate.value("age") { rule.age = try age.seconds() }
        if let keep = try rotate.value("keep") { rule.keep = try keep.integer(in: 0...100_000) }
    }

    var name: String { path }

    private var folder: String {
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }

    var folders: [String] { [folder] }

    var isSyslog: Bool { false }
    var messageLimit: Int { .max }
    var noticesFailure: Bool { true }

    /// Opens it for lines that are rendered already.
    func openLines() throws(OutputError) -> RotatingFileSink {
        try OutputDirectory.prepare(folder)
        return try RotatingFileSink(path: path, rule: rule)
    }

    func makeTransport(framing: MessageFraming) throws(OutputError) -> any MessageTransport {
        try OutputDirectory.prepare(folder)
        return FileTransport(path: path, rule: rule)
    }

    func isSame(as other: any OutputTarget) -> Bool {
        (other as? FileTarget)?.path == path
    }
}
