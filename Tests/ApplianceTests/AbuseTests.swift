// What attackers do with what is ordinary: pages, answers, names, uploads, a panel's own connection.

import Appliance
import Foundation
import NetTypes
import TestSupport
import Testing

@Suite("Abuse of what is ordinary in an ordinary hour")
struct AbuseTests {
    private struct Finding {
        let source: String
        let target: String
        let features: Set<String>
        let lowersTo: [String: Double]
    }

    /// Alerts after twenty minutes of baseline, with the default budget.
    private static func findings(in hour: OrdinaryHour) throws -> [Finding] {
        let logs = try ReplayRun(hour.bytes).replay { settings in
            let isDuration = settings.setBaseline("20m")
            #expect(isDuration)
        }
        return try logs.lines().compactMap { line in
            guard line["event_type"] as? String == "alert", let alert = line["alert"] as? [String: Any],
                let context = (alert["context"] as? [String: Any])?["leptonnet"] as? [String: Any],
                let contributions = context["contributions"] as? [[String: Any]],
                let changes = context["counterfactual"] as? [[String: Any]]
            else { return nil }
            let limits = changes.compactMap { change -> (String, Double)? in
                guard let name = change["feature"] as? String, let most = change["at_most"] as? NSNumber else {
                    return nil
                }
                return (name, most.doubleValue)
            }
            return Finding(
                source: (alert["source"] as? [String: Any])?["ip"] as? String ?? "",
                target: (alert["target"] as? [String: Any])?["ip"] as? String ?? "",
                features: Set(contributions.compactMap { $0["feature"] as? String }),
                lowersTo: Dictionary(limits) { first, _ in first })
        }
    }

    /// A page that is asked for and delivered.
    private static func page(_ delay: Double, _ path: String) -> [(delay: Double, up: Bool, bytes: [UInt8])] {
        let request = "GET /\(path) HTTP/1.1\r\nHost: pages.test\r\nUser-Agent: reader/1\r\nAccept: */*\r\n\r\n"
        let answer = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\nhello\n"
        return [(delay, true, Array(request.utf8)), (delay + 0.005, false, Array(answer.utf8))]
    }

    /// An hour in which clients read pages of a server in the house too.
    private static func hourWithPages() -> OrdinaryHour {
        var hour = OrdinaryHour()
        for visit in 0..<300 {
            let client = "192.168.7.\(10 + visit % 12)"
            hour.talk(
                client, "192.168.7.40", 80, at: 5 + Double(visit) * 11.7,
                (0..<(1 + visit % 4)).flatMap { page(Double($0) * 0.3, "\($0).html") })
        }
        return hour
    }

    @Test("Thousands of requests over three connections are a flood by their client, and calm pages are none")
    func requests() throws {
        let calm = Self.hourWithPages()
        #expect(try Self.findings(in: calm).isEmpty)
        var hour = calm
        for connection in 0..<3 {
            hour.talk(
                "192.168.7.13", "192.168.7.40", 80, at: 2400 + Double(connection) * 0.1,
                (0..<500).flatMap { Self.page(Double($0) * 0.02, "1.html") })
        }
        let found = try Self.findings(in: hour)
        let about = found.filter { $0.features.contains("http.requests") || $0.features.contains("http.requests.all") }
        #expect(about.contains { $0.source == "192.168.7.13" && $0.target == "192.168.7.40" })
    }

    @Test("Large answers of many name servers to a host that did not ask are a flood against it")
    func reflection() throws {
        var hour = OrdinaryHour()
        for answer in 0..<900 {
            hour.datagram(
                ("198.51.100.\(100 + answer % 60)", 53), ("192.168.7.15", UInt16(20_000 + answer % 3)),
                [UInt8](repeating: 7, count: 1200), at: 2400 + Double(answer) * 0.01)
        }
        let found = try Self.findings(in: hour)
        #expect(!found.isEmpty)
        #expect(found.allSatisfy { $0.target == "192.168.7.15" })
        #expect(found.contains { !$0.features.isDisjoint(with: ["reflection.servers", "reflection.bytes"]) })
    }

    @Test("A miner is found by its words and its pace, and says how much less would have been none")
    func mining() throws {
        var hour = OrdinaryHour()
        let hello = #"{"id": 1, "method": "mining.subscribe", "params": ["worker/2.5"]}"# + "\n"
        let work = #"{"id": null, "method": "mining.notify", "params": ["4f", "00aa", true]}"# + "\n"
        let share = #"{"id": 9, "method": "mining.submit", "params": ["house.worker", "4f", "17"]}"# + "\n"
        let talk = (0..<14).flatMap { round -> [(delay: Double, up: Bool, bytes: [UInt8])] in
            [
                (Double(round) * 8, true, Array((round == 0 ? hello : share).utf8)),
                (Double(round) * 8 + 0.06, false, Array(work.utf8)),
            ]
        }
        hour.talk("192.168.7.18", "203.0.113.200", 3333, at: 2400, talk)
        let found = try Self.findings(in: hour)
        let about = try #require(found.first { $0.features.contains("mining.signs") })
        #expect(about.source == "192.168.7.18" && about.target == "203.0.113.200")
        let least = try #require(about.lowersTo["mining.signs"])
        #expect(least < 4.5)
    }

    @Test("A host that was reached on a port and then turns to many on it spreads something")
    func worm() throws {
        var hour = OrdinaryHour()
        hour.connect("192.168.7.11", "192.168.7.17", 1433, at: 2300)
        for target in 0..<9 {
            hour.connect("192.168.7.17", "192.168.7.\(60 + target)", 1433, at: 2360 + Double(target) * 6, reply: false)
        }
        let found = try Self.findings(in: hour)
        #expect(found.contains { $0.source == "192.168.7.17" && $0.features.contains("spread.hosts") })
    }

    @Test("Many small uploads are seen by what the host receives for them")
    func uploads() throws {
        var hour = OrdinaryHour()
        for upload in 0..<60 {
            hour.talk(
                "192.168.7.19", "198.51.100.201", 443, at: 2400 + Double(upload) * 6,
                [(0, true, [UInt8](repeating: 0x5a, count: 60_000)), (0.2, false, [UInt8](repeating: 1, count: 80))])
        }
        let found = try Self.findings(in: hour)
        #expect(found.contains { $0.source == "192.168.7.19" && $0.features.contains("upload.balance") })
    }

    /// A Modbus message of a unit: function, address, and the number of things or the value.
    private static func modbus(_ number: Int, _ function: UInt8, _ rest: [UInt8]) -> [UInt8] {
        [UInt8(number >> 8), UInt8(number & 255), 0, 0, 0, UInt8(2 + rest.count), 1, function] + rest
    }

    @Test("A panel that has only read from its controller and writes is found, by the function alone")
    func control() throws {
        var hour = OrdinaryHour()
        func poll(from panel: String, to controller: String, at second: Double, writes: Bool = false) {
            let rounds = (0..<20).flatMap { round -> [(delay: Double, up: Bool, bytes: [UInt8])] in
                let function: UInt8 = writes && round > 4 ? 6 : 3
                let answer: [UInt8] = function == 6 ? [0, 5, 0, 9] : [4, 0, 1, 0, 2]
                return [
                    (Double(round), true, Self.modbus(round, function, [0, 5, 0, 2])),
                    (Double(round) + 0.01, false, Self.modbus(round, function, answer)),
                ]
            }
            hour.talk(panel, controller, 502, at: second, rounds)
        }
        for turn in 0..<110 {
            for (panel, controller) in [("30", "51"), ("30", "52"), ("31", "53")] {
                poll(
                    from: "192.168.7.\(panel)", to: "192.168.7.\(controller)", at: 3 + Double(turn) * 32,
                    writes: turn == 80 && controller == "52")
            }
        }
        let found = try Self.findings(in: hour)
        #expect(found.contains { $0.features.contains("control.function.new") })
        #expect(found.allSatisfy { $0.source == "192.168.7.30" && $0.target == "192.168.7.52" })
    }
}
