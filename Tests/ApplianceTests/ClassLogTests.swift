// Tests: traffic classes in the flow log.

import Appliance
import Foundation
import Testing

@Suite("Traffic classes in the flow log")
struct ClassLogTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    private static func log(workers: Int, rules: String?) throws -> ReplayRun.Logs {
        let packed = "\(root)/fixtures/classes/test.pcap.zst"
        let run = try ReplayRun(Array(Data(contentsOf: URL(fileURLWithPath: packed))))
        return try run.replay { settings in
            settings.workers = workers
            settings.classRules = rules
        }
    }

    @Test("Each flow of eight packets has one class, the same for any number of workers; without rules none has")
    func classes() throws {
        let rules = "\(Self.root)/rules/classes.yaml"
        let one = try Self.log(workers: 1, rules: rules)
        #expect(try Self.log(workers: 3, rules: rules) == one)
        var found: [String: Int] = [:]
        for line in try one.lines() where line["event_type"] as? String == "flow" {
            let flow = try #require(line["flow"] as? [String: Any])
            let packets = (flow["pkts_toserver"] as? Int ?? 0) + (flow["pkts_toclient"] as? Int ?? 0)
            let metadata = line["metadata"] as? [String: Any]
            let integers = metadata?["flowints"] as? [String: Any] ?? [:]
            let classes = integers.keys.filter { $0.hasPrefix("leptonnet.class_") }
            #expect(classes.count == (packets >= 8 ? 1 : 0))
            for name in classes { found[name, default: 0] += 1 }
        }
        #expect(Set(found.keys) == Set(["voice", "video", "web", "bulk"].map { "leptonnet.class_\($0)" }))
        let plain = try Self.log(workers: 1, rules: nil)
        #expect(try plain.lines().count == one.lines().count)
        #expect(plain != one)
    }

    @Test("Rules that are not there are a mistake that names the file")
    func missingRules() {
        #expect {
            try Self.log(workers: 1, rules: "/nowhere/classes.yaml")
        } throws: { error in "\(error)".contains("/nowhere/classes.yaml") }
    }
}
