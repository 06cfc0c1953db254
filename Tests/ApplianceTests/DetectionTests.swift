// Detection through the whole appliance, on traffic made in code.

import Anomaly
import Appliance
import Foundation
import NetTypes
import TestSupport
import Testing

@Suite("Detection from packets to alerts")
struct DetectionTests {
    /// An ordinary hour, and a port scan near its end.
    static func capture(scan: Bool) -> [UInt8] {
        var hour = OrdinaryHour()
        if scan {
            for port in 1...300 {
                hour.connect("192.168.7.12", "192.168.7.15", UInt16(port), at: 3000 + Double(port) * 0.02, reply: false)
            }
        }
        return hour.bytes
    }

    static func detecting(_ settings: inout ReplaySettings) {
        let isDuration = settings.setBaseline("20m")
        #expect(isDuration)
    }

    private func alerts(_ logs: ReplayRun.Logs) throws -> [[String: Any]] {
        try logs.lines().filter { $0["event_type"] as? String == "alert" }
    }

    @Test("A port scan is one incident, its scanner is the source, and its parts add up")
    func scan() throws {
        let logs = try ReplayRun(Self.capture(scan: true)).replay(Self.detecting)
        let found = try alerts(logs)
        let incidents = Set(
            found.compactMap { alert -> String? in
                let context = (alert["alert"] as? [String: Any])?["context"] as? [String: [String: Any]]
                return context?["leptonnet"]?["incident_id"] as? String
            })
        #expect(incidents.count == 1)
        let alert = try #require(found.first?["alert"] as? [String: Any])
        #expect((alert["source"] as? [String: Any])?["ip"] as? String == "192.168.7.12")
        #expect((alert["target"] as? [String: Any])?["ip"] as? String == "192.168.7.15")
        let context = try #require((alert["context"] as? [String: [String: Any]])?["leptonnet"])
        let parts = try #require(context["contributions"] as? [[String: Any]])
        let sum = parts.reduce(0.0) { $0 + ($1["score"] as? Double ?? 0) }
        #expect(abs(sum - (context["score"] as? Double ?? -1)) < 1e-6)
        #expect((context["counterfactual"] as? [Any])?.isEmpty == false)
    }

    @Test("Every flow has a score, and flows of the scan have higher ones than all others")
    func scores() throws {
        let lines = try ReplayRun(Self.capture(scan: true)).replay(Self.detecting).lines()
        var scanned: [Int] = []
        var others: [Int] = []
        for line in lines where line["event_type"] as? String == "flow" {
            let integers = (line["metadata"] as? [String: Any])?["flowints"] as? [String: Int]
            let score = try #require(integers?["leptonnet.anomaly_ppm"])
            #expect((0...1_000_000).contains(score))
            if line["dest_ip"] as? String == "192.168.7.15" { scanned.append(score) } else { others.append(score) }
        }
        #expect(scanned.count == 300)
        #expect(scanned.sorted()[30] > (others.max() ?? 0))
    }

    @Test("Ordinary traffic alone raises nothing after the baseline")
    func calm() throws {
        #expect(try alerts(ReplayRun(Self.capture(scan: false)).replay(Self.detecting)).isEmpty)
    }

    @Test("Alerts and scores are the same, byte for byte, for one and two workers and for two runs")
    func deterministic() throws {
        let run = try ReplayRun(Self.capture(scan: true))
        let one = try run.replay(Self.detecting)
        for workers in [1, 2] {
            let other = try run.replay { settings in
                Self.detecting(&settings)
                settings.workers = workers
            }
            #expect(other == one)
        }
    }

    @Test("Without detection there are neither scores nor alerts")
    func omitted() throws {
        let logs = try ReplayRun(Self.capture(scan: true)).replay { $0.omitDetection() }
        #expect(!String(decoding: logs.eve, as: UTF8.self).contains("anomaly_ppm"))
        #expect(try alerts(logs).isEmpty)
    }
}
