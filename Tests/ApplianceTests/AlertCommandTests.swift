// What operators do with alerts: explain, extract, suppress.

import Appliance
import Foundation
import Testing

@Suite("Commands that work on alerts")
struct AlertCommandTests {
    private let run: ReplayRun
    private let incident: String

    init() throws {
        run = try ReplayRun(DetectionTests.capture(scan: true))
        let alert = try #require(try Self.alerts(run.replay(DetectionTests.detecting)).first)
        incident = try #require(Self.evidence(alert)["incident_id"] as? String)
    }

    private static func alerts(_ logs: ReplayRun.Logs) throws -> [[String: Any]] {
        try logs.lines().filter { $0["event_type"] as? String == "alert" }
    }

    private static func evidence(_ line: [String: Any]) -> [String: Any] {
        let context = (line["alert"] as? [String: Any])?["context"] as? [String: [String: Any]]
        return context?["leptonnet"] ?? [:]
    }

    // MARK: Explain

    @Test("An explanation names the parties, draws every part, and says what would have kept it quiet")
    func explains() throws {
        let text = try AlertExplanation(incident, log: run.log).text
        #expect(text.contains("attacker    192.168.7.12"))
        #expect(text.contains("victim      192.168.7.15"))
        #expect(text.contains("█"))
        #expect(text.contains("ports of one peer tried within a minute"))
        #expect(text.contains("Would not have alerted\n  "))
        #expect(text.contains("ATT&CK"))
        #expect(!text.contains("\u{1b}"))
    }

    @Test("An unknown alert is refused with the names that exist")
    func unknownAlert() throws {
        #expect(throws: UserError.self) { try AlertExplanation("i-ffff", log: run.log) }
        #expect(throws: UserError.self) { try AlertExplanation(incident + ".999", log: run.log) }
        #expect(throws: UserError.self) { try AlertExplanation(incident, log: run.path("nowhere")) }
        do {
            _ = try AlertExplanation("i-ffff", log: run.log)
        } catch {
            #expect(error.description.contains(incident))
        }
    }

    // MARK: Extract

    @Test("The packets behind a scan are the scanner's and its target's, and no others")
    func extracts() throws {
        let path = run.path("alert.pcap")
        let log = try run.replay(DetectionTests.detecting)
        let last = try #require(try Self.alerts(log).last)
        let name = "\(incident).\(try #require(Self.evidence(last)["incident_alerts"] as? Int))"
        let report = try AlertExtraction(name, log: run.log).run([run.capture], to: path)
        #expect(report.packets > 100)
        #expect(report.damage.isEmpty)
        let again = ReplaySettings.reading(path)
        let lines = try again.flows()
        #expect(lines.allSatisfy { $0.contains("192.168.7.12") || $0.contains("192.168.7.15") })
        #expect(lines.count { $0 == ["192.168.7.12", "192.168.7.15"] } > 50)
    }

    @Test("A capture without the alert's packets gives no file")
    func extractsNothing() throws {
        let other = try ReplayRun(Traffic.capture(count: 500, hosts: 5, seed: 1))
        let path = run.path("none.pcap")
        let extraction = try AlertExtraction(incident, log: run.log)
        #expect(throws: UserError.self) {
            try extraction.run([other.capture], to: path)
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    // MARK: Suppress

    private func suppressing(_ entry: String) throws -> (alerts: Int, suppressed: Int) {
        let list = try SuppressionList(path: run.file("suppress.yaml", "suppressions:\n  - " + entry))
        let logs = try run.replay { settings in
            DetectionTests.detecting(&settings)
            settings.apply(suppressions: list)
        }
        let statistics = try logs.lines().last { $0["event_type"] as? String == "stats" }?["stats"] as? [String: Any]
        let detect = try #require(statistics?["detect"] as? [String: Int])
        let alerts = try Self.alerts(logs).count
        #expect(detect["alert"] == alerts)
        return (alerts, try #require(detect["alerts_suppressed"]))
    }

    @Test(
        "Alerts are withheld and counted by host, prefix, wildcard, pair, service and rule",
        arguments: [
            "{host: 192.168.7.12, until: never, reason: scanner}",
            "{host: 192.168.7.0/28, until: never, reason: scanner}",
            "{host: 192.168.*, until: 2100-01-01, reason: scanner}",
            "{pair: [192.168.7.15, 192.168.7.12], until: never, reason: scanner}",
            "{service: tcp/1-300, until: never, reason: scanner}",
            "{rule: \"fan*\", host: 192.168.7.12, until: never, reason: scanner}",
        ])
    func suppresses(_ entry: String) throws {
        let before = try Self.alerts(run.replay(DetectionTests.detecting)).count
        let result = try suppressing(entry)
        #expect(result.alerts + result.suppressed == before)
        #expect(result.suppressed > 0)
    }

    @Test(
        "What names another host, another service or has expired hides nothing",
        arguments: [
            "{host: 192.168.7.99, until: never, reason: other}", "{service: udp/*, until: never, reason: other}",
            "{host: 192.168.7.12, until: 2020-01-01T00:00:00Z, reason: over}",
            "{pair: [192.168.7.12, 192.168.7.16], until: never, reason: other}",
        ])
    func spares(_ entry: String) throws {
        let result = try suppressing(entry)
        #expect(result.suppressed == 0)
        #expect(result.alerts > 0)
    }

    @Test("A preview says how many alerts are hidden, by which entry, and names the critical ones")
    func previews() throws {
        let count = try Self.alerts(run.replay(DetectionTests.detecting)).count
        let list = try SuppressionList(
            path: run.file(
                "suppress.yaml", "suppressions:\n  - {host: 192.168.7.12, until: never, reason: our scanner}\n"))
        let text = try SuppressionPreview(list, log: run.log, last: 1000).text
        #expect(text.contains("hides \(count) of the last \(count) alerts"))
        #expect(text.contains("our scanner"))
        let one = try SuppressionPreview(list, log: run.log, last: 1).text
        #expect(one.contains("of the last 1 alerts"))
    }

    @Test(
        "Mistakes in a suppression file are named with line and mend",
        arguments: [
            ("{host: 10.0.0.300, until: never, reason: r}", "no address"), ("{host: 10.0.0.1, until: never}", "reason"),
            ("{host: 10.0.0.1, reason: r}", "until"), ("{host: 10.0.0.1, until: soon, reason: r}", "no moment"),
            ("{until: never, reason: r}", "every alert"), ("{host: \"*\", until: never, reason: r}", "every alert"),
            ("{rule: nonsense, until: never, reason: r}", "fan_out"),
            ("{service: tcp/99999, until: never, reason: r}", "no service"),
            ("{hots: 10.0.0.1, until: never, reason: r}", "unknown key"),
        ])
    func mistakes(_ entry: String, _ hint: String) throws {
        let path = try run.file("wrong.yaml", "suppressions:\n  - \(entry)\n")
        do {
            _ = try SuppressionList(path: path)
            Issue.record("accepted")
        } catch {
            #expect(error.description.contains("wrong.yaml:2"))
            #expect(error.description.contains(hint))
        }
    }
}

extension ReplaySettings {
    /// Settings for reading a capture back without detection.
    fileprivate static func reading(_ path: String) -> ReplaySettings {
        var settings = ReplaySettings()
        settings.paths = [path]
        settings.omitDetection()
        settings.showsProgress = false
        return settings
    }

    /// The two addresses of every flow, sorted.
    fileprivate func flows() throws -> [[String]] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("flows-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var settings = self
        settings.output = folder.path
        _ = try Replay(settings).run()
        let data = try Data(contentsOf: folder.appendingPathComponent("eve.json"))
        return try data.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let object = try JSONSerialization.jsonObject(with: line) as? [String: Any]
            guard object?["event_type"] as? String == "flow" else { return nil }
            return [object?["src_ip"], object?["dest_ip"]].compactMap { $0 as? String }.sorted()
        }
    }
}
