// Log files that give way to new ones.

import Foundation
import Outputs
import TestSupport
import Testing

@Suite("Rotation")
struct RotatingFileSinkTests {
    private let folder: URL

    init() throws {
        folder = URL(fileURLWithPath: try TemporaryFolder.make("rotation"))
    }

    private var path: String { folder.appendingPathComponent("eve.json").path }

    private func lines(_ count: Int, _ text: String = "0123456789") -> JSONWriter {
        var json = JSONWriter()
        for _ in 0..<count {
            json.beginLine()
            json.member("text", text)
            json.endLine()
        }
        return json
    }

    /// Contents of all parts, oldest first.
    private func parts() throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        return try (names.filter { $0 != "eve.json" } + ["eve.json"]).map {
            try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8)
        }
    }

    @Test("By size: no part is larger, none splits a line, no line is lost")
    func bySize() throws {
        let sink = try RotatingFileSink(path: path, rule: RotationRule(size: 500))
        for _ in 0..<40 { sink.write(lines(3).buffer) }
        try sink.close()
        let parts = try parts()
        #expect(parts.count > 3)
        #expect(parts.allSatisfy { $0.utf8.count <= 500 && $0.hasSuffix("\n") })
        #expect(parts.joined().split(separator: "\n").count == 120)
        #expect(Set(parts.joined().split(separator: "\n")) == ["{\"text\":\"0123456789\"}"])
    }

    @Test("On request a part ends; a file that somebody has moved away is opened anew")
    func onRequest() throws {
        let sink = try RotatingFileSink(path: path)
        sink.write(lines(2).buffer)
        sink.requestRotation()
        sink.write(lines(3).buffer)
        let moved = folder.appendingPathComponent("eve.json.moved").path
        try FileManager.default.moveItem(atPath: path, toPath: moved)
        sink.requestRotation()
        sink.write(lines(4).buffer)
        try sink.close()
        let counts = try parts().map { $0.split(separator: "\n").count }
        #expect(counts.sorted() == [2, 3, 4])
        #expect(counts.last == 4)
    }

    @Test("Only the newest old parts are kept, and nobody else's files are touched")
    func keeping() throws {
        let other = folder.appendingPathComponent("eve.json.bak")
        try "mine".write(to: other, atomically: true, encoding: .utf8)
        let sink = try RotatingFileSink(path: path, rule: RotationRule(size: 30, keep: 2))
        for _ in 0..<9 { sink.write(lines(1).buffer) }
        try sink.close()
        #expect(try parts().count == 4)
        #expect(FileManager.default.fileExists(atPath: other.path))
    }

    @Test("A restart adds to the file, and cuts off half a line that a crash left")
    func restart() throws {
        try "{\"a\":1}\n{\"b\":".write(toFile: path, atomically: true, encoding: .utf8)
        let sink = try RotatingFileSink(path: path)
        sink.write(lines(1).buffer)
        try sink.close()
        #expect(try parts() == ["{\"a\":1}\n{\"text\":\"0123456789\"}\n"])
    }
}
