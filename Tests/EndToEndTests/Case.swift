// One case of fixtures/cases: a capture, and what the log of its replay must hold.

import Foundation
import Testing
import Yams

/// A case as its `case.yaml` states it; `fixtures/README.md` describes the keys.
struct Case: Decodable, Sendable, CustomTestStringConvertible {
    /// The case's folder name.
    var name = ""
    let capture: String
    var filter: String?
    var status: Int?
    /// Byte offset of the damage.
    var damage: Int?
    let packets: Int
    let bytes: Int
    /// Different Community IDs among the flow events.
    let conversations: Int
    var checks: [EventCheck]?

    private enum CodingKeys: String, CodingKey {
        case capture, filter, status, damage, packets, bytes, conversations, checks
    }

    var testDescription: String { name }

    /// Where the capture lies.
    var capturePath: String { Self.fixtures.appending(path: "captures/\(capture)").path }

    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../fixtures").standardizedFileURL

    /// All cases, by name.
    static let all: [Case] = {
        let folder = fixtures.appending(path: "cases")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().map { name in
            do {
                let text = try String(contentsOf: folder.appending(path: "\(name)/case.yaml"), encoding: .utf8)
                var result = try YAMLDecoder().decode(Case.self, from: text)
                result.name = name
                return result
            } catch {
                fatalError("fixtures/cases/\(name)/case.yaml: \(error)")
            }
        }
    }()
}
