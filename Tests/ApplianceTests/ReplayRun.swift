// Replays captures made in code and reads what was written.

import Appliance
import Foundation

/// A folder with a capture, and the logs of replays of it.
final class ReplayRun {
    private let folder: URL
    let capture: String

    /// Writes the bytes of a capture file.
    init(_ bytes: [UInt8]) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("replay-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        capture = folder.appendingPathComponent("capture.pcap").path
        try Data(bytes).write(to: URL(fileURLWithPath: capture))
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// Both logs of one replay.
    struct Logs: Equatable {
        let eve: Data
        let supplement: Data

        /// The EVE lines as JSON objects.
        func lines() throws -> [[String: Any]] {
            try eve.split(separator: UInt8(ascii: "\n")).map { line in
                try JSONSerialization.jsonObject(with: line) as? [String: Any] ?? [:]
            }
        }
    }

    /// Writes a file beside the capture and returns its path.
    func file(_ name: String, _ text: String) throws -> String {
        let url = folder.appendingPathComponent(name)
        try Data(text.utf8).write(to: url)
        return url.path
    }

    /// A place beside the capture.
    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// Folder of the latest replay's logs.
    private(set) var log = ""

    /// Replays the capture.
    func replay(_ change: (inout ReplaySettings) -> Void = { _ in }) throws -> Logs {
        let output = folder.appendingPathComponent(UUID().uuidString)
        log = output.path
        var settings = ReplaySettings()
        settings.paths = [capture]
        settings.output = output.path
        settings.showsProgress = false
        change(&settings)
        _ = try Replay(settings).run()
        return Logs(
            eve: try Data(contentsOf: output.appendingPathComponent("eve.json")),
            supplement: (try? Data(contentsOf: output.appendingPathComponent("leptonnet.json"))) ?? Data())
    }
}
