// What is answered when nobody looks at the answer before it is applied.

import NetTypes
import TestSupport
import Testing

@testable import Advice

@Suite("Rules that nobody looks at")
struct FilterAdvisorTests {
    private let start: Int64 = 1_768_478_400

    private func record(_ client: String, _ port: UInt16, _ server: String, _ serverPort: UInt16, _ transport: UInt8)
        -> FlowRecord
    {
        var flow = FlowRecord()
        flow.identity.key =
            FlowKey.canonical(
                source: client.address, sourcePort: port, destination: server.address, destinationPort: serverPort,
                transport: transport
            ).key
        return flow
    }

    /// A history of flows, each with so many packets of 500 bytes in each of some seconds from the start.
    private func history(_ flows: [(flow: FlowRecord, packets: UInt32, seconds: Range<Int64>)]) -> FlowHistory {
        let history = FlowHistory(window: 300)
        for second in 0..<20 as Range<Int64> {
            let buffer = EventBuffer(wanted: .all)
            for entry in flows where entry.seconds.contains(second) {
                let delta = FlowDelta(
                    packetsToServer: entry.packets, packetsToClient: 0, bytesToServer: UInt64(entry.packets) * 514,
                    bytesToClient: 0)
                buffer.append(changed: entry.flow, by: delta, at: Timestamp(seconds: start + second + 1))
            }
            for header in buffer.headers {
                history.observe(StreamEvent(header: header, buffer: buffer, ordinal: 0), score: nil)
            }
        }
        return history
    }

    private func alert(_ source: String, _ target: String, _ transport: UInt8, at second: Int64) -> Alert {
        Alert(
            time: Timestamp(seconds: start + second), source: source.address, target: target.address, sourcePort: 0,
            targetPort: 0, transport: transport, flow: nil, signatureID: 1, signature: "LEPTON", category: "",
            severity: 2,
            technique: ("", ""), tactic: ("", ""), references: [], incident: 1, stage: .opened, alertCount: 1, risk: 50,
            score: 5, threshold: 4, contributions: [], counterfactuals: [])
    }

    @Test(
        "A host that sends little is limited only by somebody's decision", arguments: [(UInt32(49), false), (50, true)])
    func plenty(_ packets: UInt32, _ isAnswered: Bool) {
        let flow = record("198.18.0.20", 40_000, "10.77.1.2", 8080, IPProtocol.tcp)
        let history = history([(flow, packets, 0..<10)])
        let alert = alert("198.18.0.20", "10.77.1.2", IPProtocol.tcp, at: 10)
        let alone = FilterAdvisor(site: Site(), history: history, actsAlone: true)
        #expect((alone.rule(for: alert, before: start + 11) != nil) == isAnswered)
        #expect(FilterAdvisor(site: Site(), history: history).rule(for: alert, before: start + 11) != nil)
    }

    @Test("A rule for a whole host waits three seconds for the flood's port, and for no longer")
    func portPatience() throws {
        // Ordinary streams to one port, and the first of a flood's packets to another.
        var flows = (0..<10).map { number in
            (
                record("198.18.0.\(20 + number)", 40_000, "10.77.1.2", 5004, IPProtocol.udp), UInt32(25),
                0..<20 as Range<Int64>
            )
        }
        flows += (0..<100).map { number in
            (record("198.19.0.\(number)", 1000, "10.77.1.2", 9000, IPProtocol.udp), UInt32(5), 10..<11 as Range<Int64>)
        }
        let history = history(flows)
        let alert = alert("198.19.0.1", "10.77.1.2", IPProtocol.udp, at: 10)
        let alone = FilterAdvisor(site: Site(), history: history, actsAlone: true)
        #expect(alone.rule(for: alert, before: start + 11) == nil)
        let rule = try #require(alone.rule(for: alert, before: start + 13)).rule
        #expect(rule.destinationPort == nil && rule.destinations == ["10.77.1.2".prefix])
        #expect(FilterAdvisor(site: Site(), history: history).rule(for: alert, before: start + 11) != nil)
    }
}
