// Detection through the whole appliance, on traffic made in code.

import Anomaly
import Appliance
import Foundation
import NetTypes
import TestSupport
import Testing

@Suite("Detection from packets to alerts")
struct DetectionTests {
    private static let start: Int64 = 1_700_000_000

    /// An hour of clients that fetch pages from two servers, and a port scan near its end.
    static func capture(scan: Bool) -> [UInt8] {
        var generator = SeededGenerator(seed: 5)
        var packets: [(time: Int64, frame: [UInt8])] = []
        func connection(_ client: String, _ server: String, _ port: UInt16, at time: Int64, answered: Bool) {
            let local = UInt16(20_000 + generator.next() % 12_000)
            func add(_ delay: Int64, up: Bool, _ flags: TCPFlags, _ length: Int) {
                let (from, to) = up ? (client, server) : (server, client)
                let ports = up ? (local, port) : (port, local)
                packets.append(
                    (
                        time + delay,
                        PacketBytes.ethernet(
                            0x0800,
                            payload: PacketBytes.ipv4(
                                from, to, 6,
                                payload: PacketBytes.tcp(
                                    ports.0, ports.1, flags: flags, payload: [UInt8](repeating: 65, count: length))))
                    ))
            }
            add(0, up: true, .syn, 0)
            guard answered else { return add(1_000_000, up: false, [.rst, .ack], 0) }
            add(1_000_000, up: false, [.syn, .ack], 0)
            add(2_000_000, up: true, .ack, 0)
            add(3_000_000, up: true, [.psh, .ack], 200 + Int(generator.next() % 60))
            add(9_000_000, up: false, [.psh, .ack], 900 + Int(generator.next() % 300))
            add(20_000_000, up: true, [.fin, .ack], 0)
            add(21_000_000, up: false, [.fin, .ack], 0)
        }
        for second in stride(from: 0, to: 3600, by: 4) {
            let client = "192.168.7.\(10 + generator.next() % 12)"
            let server = generator.next() & 1 == 0 ? "198.51.100.5" : "203.0.113.9"
            let time = (start + Int64(second)) * 1_000_000_000 + Int64(generator.next() % 900_000_000)
            connection(client, server, 443, at: time, answered: true)
        }
        if scan {
            for port in 1...300 {
                let time = (start + 3000) * 1_000_000_000 + Int64(port) * 20_000_000
                connection("192.168.7.12", "192.168.7.15", UInt16(port), at: time, answered: false)
            }
        }
        var file = PcapBytes()
        for packet in packets.sorted(by: { $0.time < $1.time }) {
            file.add(packet.frame, time: Timestamp(nanoseconds: packet.time / 1000 * 1000))
        }
        return file.bytes
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
