// Tests: the same capture gives the same logs, byte for byte.

import Appliance
import FlowTable
import Foundation
import TestSupport
import Testing

@Suite("The same capture gives the same logs, byte for byte")
struct DeterminismTests {
    @Test("For one, two and three workers, and for two runs")
    func workers() throws {
        let run = try ReplayRun(Traffic.capture(count: 12_000, hosts: 300, seed: 1))
        let one = try run.replay()
        #expect(try one.lines().count > 5_000)
        #expect(!one.supplement.isEmpty)
        for workers in [1, 2, 3] {
            #expect(try run.replay { $0.workers = workers } == one)
        }
    }

    @Test("With a table of 4,096 records that overflows")
    func overflow() throws {
        let run = try ReplayRun(Traffic.capture(count: 20_000, hosts: 30_000, gap: 2, seed: 2))
        func small(_ settings: inout ReplaySettings) { settings.flowMemory = FlowTable.bytesPerFlow * 4096 }
        let one = try run.replay(small)
        let evicted = try one.lines().filter { ($0["flow"] as? [String: Any])?["reason"] as? String == "forced" }
        #expect(evicted.count > 1_000)
        let two = try run.replay { settings in
            small(&settings)
            settings.workers = 2
        }
        #expect(two == one)
    }

    @Test("With packets out of time order")
    func disorder() throws {
        let run = try ReplayRun(Traffic.capture(count: 12_000, hosts: 300, jitter: 5_000, seed: 3))
        let one = try run.replay()
        #expect(try run.replay { $0.workers = 2 } == one)
    }

    @Test("Flows whose application bytes find no room are counted, the same for any number of workers")
    func fullPool() throws {
        let run = try ReplayRun(Traffic.capture(count: 12_000, hosts: 3_000, seed: 5))
        func shed(_ settings: (inout ReplaySettings) -> Void) throws -> Int {
            let last = try run.replay(settings).supplement.split(separator: UInt8(ascii: "\n")).last
            let line = try JSONSerialization.jsonObject(with: try #require(last)) as? [String: Any]
            return try #require(line?["application_shed"] as? Int)
        }
        #expect(try shed { _ in } == 0)
        let one = try shed { $0.applicationMemory = 1 }
        #expect(one > 100)
        let two = try shed { settings in
            settings.applicationMemory = 1
            settings.workers = 2
        }
        #expect(two == one)
    }

    @Test("Nothing is lost: every packet with a flow is in exactly one record")
    func complete() throws {
        let run = try ReplayRun(Traffic.capture(count: 12_000, hosts: 3_000, jitter: 2_000, seed: 4))
        let lines = try run.replay { settings in
            settings.workers = 2
            settings.flowMemory = FlowTable.bytesPerFlow * 640
        }.lines()
        let statistics = try #require(lines.last { $0["event_type"] as? String == "stats" }?["stats"] as? [String: Any])
        let decoder = try #require(statistics["decoder"] as? [String: Any])
        #expect(decoder["pkts"] as? Int == 12_000)
        let counted = lines.compactMap { $0["flow"] as? [String: Any] }.reduce(0) { sum, flow in
            sum + (flow["pkts_toserver"] as? Int ?? 0) + (flow["pkts_toclient"] as? Int ?? 0)
        }
        let arp = decoder["arp"] as? Int ?? 0
        let invalid = decoder["invalid"] as? Int ?? 0
        #expect(arp > 0 && invalid > 0)
        #expect(counted + arp + invalid == 12_000, "\(decoder)")
    }
}
