// What attackers do, put into an ordinary hour: found, and the right host named.

import Appliance
import Foundation
import NetTypes
import TestSupport
import Testing

@Suite("Behaviour of attackers in an ordinary hour")
struct BehaviourTests {
    private struct Finding: Hashable {
        let source: String
        let target: String
        let signature: String
    }

    /// Alerts after twenty minutes of baseline, with the default budget.
    private func findings(in hour: OrdinaryHour) throws -> [Finding] {
        let logs = try ReplayRun(hour.bytes).replay { settings in
            let isDuration = settings.setBaseline("20m")
            #expect(isDuration)
        }
        return try logs.lines().compactMap { line in
            guard line["event_type"] as? String == "alert", let alert = line["alert"] as? [String: Any] else {
                return nil
            }
            return Finding(
                source: (alert["source"] as? [String: Any])?["ip"] as? String ?? "",
                target: (alert["target"] as? [String: Any])?["ip"] as? String ?? "",
                signature: alert["signature"] as? String ?? "")
        }
    }

    @Test("A scan of one address every forty seconds is found with the default budget")
    func slowScan() throws {
        var hour = OrdinaryHour()
        for probe in 0..<40 {
            hour.connect("192.168.7.14", "192.168.7.\(100 + probe)", 22, at: 1800 + Double(probe) * 40, reply: nil)
        }
        let found = try findings(in: hour)
        #expect(!found.isEmpty)
        #expect(found.allSatisfy { $0.source == "192.168.7.14" })
    }

    @Test("A burst of refused connections to many hosts is a scan by its source")
    func sweep() throws {
        var hour = OrdinaryHour()
        for probe in 0..<80 {
            hour.connect("192.168.7.16", "192.168.7.\(60 + probe)", 445, at: 2400 + Double(probe) * 0.05, reply: false)
        }
        let found = try findings(in: hour)
        #expect(!found.isEmpty)
        #expect(found.allSatisfy { $0.source == "192.168.7.16" })
    }

    @Test("A flood of forged sources at a host that is not of the site is one incident of that host")
    func transitFlood() throws {
        var hour = OrdinaryHour()
        for packet in 0..<8_000 {
            let source = "\(20 + packet % 150).\(packet * 7 % 251).\(packet * 13 % 241).\(packet * 29 % 239 + 1)"
            hour.connect(source, "198.51.100.77", 80, at: 2400 + Double(packet) * 0.0005, reply: nil)
        }
        let logs = try ReplayRun(hour.bytes).replay { settings in
            let isDuration = settings.setBaseline("20m")
            #expect(isDuration)
        }
        let incidents = try logs.lines().compactMap { line in
            (((line["alert"] as? [String: Any])?["context"] as? [String: Any])?["leptonnet"] as? [String: Any])?[
                "incident_id"] as? String
        }
        #expect(Set(incidents).count == 1)
        #expect(try findings(in: hour).allSatisfy { $0.target == "198.51.100.77" })
    }

    @Test("Guessing passwords at one service is found")
    func guessing() throws {
        var hour = OrdinaryHour()
        for guess in 0..<150 {
            hour.connect("192.168.7.17", "192.168.7.20", 22, at: 2400 + Double(guess) * 0.4)
        }
        let found = try findings(in: hour)
        #expect(found.contains { $0.source == "192.168.7.17" && $0.target == "192.168.7.20" })
    }

    @Test("Whoever takes over the gateway's address is named, though it never spoke ARP before")
    func takeover() throws {
        var hour = OrdinaryHour()
        for minute in 1..<58 {
            hour.claim("192.168.7.1", by: "192.168.7.1", to: "192.168.7.10", at: Double(minute) * 60)
        }
        for second in 0..<20 {
            hour.claim("192.168.7.1", by: "192.168.7.18", to: "192.168.7.10", at: 2700.5 + Double(second))
        }
        let found = try findings(in: hour)
        #expect(found.contains { $0.source == "192.168.7.18" && $0.target == "192.168.7.1" })
    }

    @Test("An incident's opening, its further alerts and its close are told in leptonnet.json")
    func closedIncident() throws {
        var hour = OrdinaryHour()
        for probe in 0..<80 {
            hour.connect("192.168.7.16", "192.168.7.\(60 + probe)", 445, at: 1800 + Double(probe) * 0.05, reply: false)
        }
        let logs = try ReplayRun(hour.bytes).replay { settings in
            let isDuration = settings.setBaseline("20m")
            #expect(isDuration)
        }
        let lines = try logs.supplement.split(separator: UInt8(ascii: "\n")).map { line in
            try JSONSerialization.jsonObject(with: line) as? [String: Any] ?? [:]
        }
        let incidents = lines.filter { $0["event_type"] as? String == "incident" }
        let alerts = try logs.lines().filter { $0["event_type"] as? String == "alert" }
        #expect(incidents.compactMap { $0["state"] as? String }.first == "opened")
        #expect(incidents.count == alerts.count + 1)
        let closed = try #require(incidents.last)
        #expect(closed["state"] as? String == "closed")
        #expect(closed["entity_ip"] as? String == "192.168.7.16" && closed["role"] as? String == "attacker")
        #expect(closed["alerts"] as? Int == alerts.count)
        #expect(Set(incidents.compactMap { $0["incident_id"] as? String }).count == 1)
        let stages = try #require(closed["stages"] as? [[String: Any]])
        #expect(stages.contains { $0["mitre_tactic_id"] as? String == "TA0007" })
    }
}
