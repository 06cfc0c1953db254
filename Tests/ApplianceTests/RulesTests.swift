// Every file of rules has an attack in the labelled captures that it speaks up for, and keeps silent otherwise.

import Anomaly
import Appliance
import Foundation
import NetTypes
import Testing

@Suite("Rules and the attacks they are about", .serialized)
struct RulesTests {
    /// One line of `fixtures/rules.json`.
    private struct Case: Decodable {
        let rules: String
        let family: String
        let capture: String
        let attack: String
        /// Models that the family needs.
        let models: [String]?
    }

    /// What is read of a capture's description.
    private struct Description: Decodable {
        struct Attack: Decodable {
            let id: String
            let start: Double
            let end: Double
            let attacker: String
            let target: String

            enum CodingKeys: String, CodingKey {
                case id, start, end, target
                case attacker = "compromised_or_attacker"
            }
        }

        let start: Double
        let attacks: [Attack]

        enum CodingKeys: String, CodingKey {
            case start = "test_start"
            case attacks
        }
    }

    private struct Finding {
        let time: Double
        let parties: Set<String>
        let incident: String
        let families: Set<String>
    }

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static func read<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
        let url = root.appendingPathComponent("fixtures/\(name).json")
        return try JSONDecoder().decode(type, from: Data(contentsOf: url))
    }

    /// An hour made here, for what needs longer than the captures are, or has no program for them: a client that tries a host a
    /// second for four minutes, one that sends out a file in sixty pieces, one that has used a server's endpoint mapper all the
    /// time and turns to another client's services, and a form that is given more than a number.
    private static func hour() -> (bytes: [UInt8], description: Description) {
        var hour = OrdinaryHour()
        for probe in 0..<240 {
            hour.connect(
                "192.168.7.16", "192.168.7.\(40 + probe % 200)", 445, at: 2400 + Double(probe), reply: false)
        }
        let start = Double(OrdinaryHour.start) + 2400
        let sweep = Description.Attack(
            id: "sweep", start: start, end: start + 240, attacker: "192.168.7.16", target: "")
        for upload in 0..<60 {
            hour.talk(
                "192.168.7.19", "198.51.100.201", 443, at: 3000 + Double(upload) * 6,
                [(0, true, [UInt8](repeating: 0x5a, count: 60_000)), (0.2, false, [UInt8](repeating: 1, count: 80))])
        }
        let uploads = Description.Attack(
            id: "uploads", start: start + 600, end: start + 960, attacker: "192.168.7.19", target: "198.51.100.201")
        for turn in 0..<120 {
            let client = "192.168.7.\(10 + turn % 12)"
            let mapper = turn == 95 ? ("192.168.7.14", "192.168.7.18") : (client, "192.168.7.40")
            hour.talk(
                mapper.0, mapper.1, 135, at: 20 + Double(turn) * 29, RemoteCall.binding(to: RemoteCall.endpointMapper))
            let number = turn == 100 ? "1%27%20or%201=1%23" : "\(turn % 10)"
            let request = "GET /form?id=\(number) HTTP/1.1\r\nHost: forms.test\r\nUser-Agent: reader/1\r\n\r\n"
            let answer = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\nhello\n"
            hour.talk(
                turn == 100 ? "203.0.113.77" : client, "192.168.7.41", 80, at: 25 + Double(turn) * 29,
                [(0, true, Array(request.utf8)), (0.005, false, Array(answer.utf8))])
        }
        let first = Double(OrdinaryHour.start) + 20
        hour.talk(
            "192.168.7.14", "192.168.7.18", 49_688, at: 20 + 95 * 29 + 0.2, RemoteCall.binding(to: RemoteCall.services))
        let service = Description.Attack(
            id: "service", start: first + 95 * 29, end: first + 95 * 29 + 2, attacker: "192.168.7.14",
            target: "192.168.7.18")
        let injection = Description.Attack(
            id: "injection", start: first + 5 + 100 * 29, end: first + 5 + 100 * 29, attacker: "203.0.113.77",
            target: "192.168.7.41")
        return (hour.bytes, Description(start: start, attacks: [sweep, uploads, service, injection]))
    }

    private static func description(of capture: String) throws -> Description {
        capture == "hour" ? hour().description : try read(Description.self, "labelled/\(capture)")
    }

    /// The alerts of a capture, with seven minutes of baseline (of the hour made here, twenty) and the rules as they are shipped.
    private static func findings(in capture: String, models: [String]) throws -> [Finding] {
        let isMade = capture == "hour"
        let run = try ReplayRun(isMade ? hour().bytes : [])
        let logs = try run.replay { settings in
            if !isMade {
                settings.paths = [root.appendingPathComponent("fixtures/labelled/\(capture).pcap.zst").path]
            }
            let isDuration = settings.setBaseline(isMade ? "20m" : "7m")
            #expect(isDuration)
            #expect(settings.useModels(models.joined(separator: ",")) == nil)
            #expect(throws: Never.self) {
                settings.apply(rules: try RulesFolder(path: root.appendingPathComponent("rules").path))
            }
        }
        let format = ISO8601DateFormatter()
        format.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        return try logs.lines().compactMap { line in
            guard line["event_type"] as? String == "alert", let alert = line["alert"] as? [String: Any],
                let context = (alert["context"] as? [String: Any])?["leptonnet"] as? [String: Any],
                let contributions = context["contributions"] as? [[String: Any]]
            else { return nil }
            let parties = ["source", "target"].compactMap { (alert[$0] as? [String: Any])?["ip"] as? String }
            let features = contributions.compactMap { $0["feature"] as? String }.flatMap(Feature.named)
            return Finding(
                time: format.date(from: line["timestamp"] as? String ?? "")?.timeIntervalSince1970 ?? 0,
                parties: Set(parties), incident: context["incident_id"] as? String ?? "",
                families: Set(features.map { "\($0.family.name)" }))
        }
    }

    private static func isAbout(_ finding: Finding, _ attack: Description.Attack) -> Bool {
        finding.time >= attack.start - 1 && finding.time <= attack.end + 60
            && !finding.parties.isDisjoint(with: [attack.attacker, attack.target])
    }

    @Test("Each family's attack is told with evidence of that family, and nothing is told of what is no attack")
    func fires() throws {
        let cases = try Self.read([Case].self, "rules")
        struct Run: Hashable {
            let capture: String
            let models: [String]
        }
        for (run, items) in Dictionary(grouping: cases, by: { Run(capture: $0.capture, models: $0.models ?? []) }) {
            let description = try Self.description(of: run.capture)
            let findings = try Self.findings(in: run.capture, models: run.models)
            #expect(!findings.contains { $0.time < description.start }, "an alert in the calm half of \(run)")
            for item in items {
                let attack = try #require(description.attacks.first { $0.id == item.attack })
                #expect(
                    findings.contains { Self.isAbout($0, attack) && $0.families.contains(item.family) },
                    "\(item.rules): nothing of \(item.family) about \(item.attack)")
            }
        }
    }

    @Test("Every file of rules has a case, but for the one about traffic classes")
    func complete() throws {
        let folder = Self.root.appendingPathComponent("rules")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }
        let covered = Set(try Self.read([Case].self, "rules").map(\.rules))
        #expect(Set(files).subtracting(covered) == ["classes.yaml"])
        for item in try Self.read([Case].self, "rules") {
            let text = try String(contentsOf: folder.appendingPathComponent(item.rules), encoding: .utf8)
            #expect(text.contains("- family: \(item.family)\n"), "\(item.rules) has no rule for \(item.family)")
        }
    }

    @Test("An hour of ordinary pages raises no alert of any family")
    func calm() throws {
        let logs = try ReplayRun(OrdinaryHour().bytes).replay { settings in
            let isDuration = settings.setBaseline("20m")
            #expect(isDuration)
        }
        #expect(try !logs.lines().contains { $0["event_type"] as? String == "alert" })
    }
}
