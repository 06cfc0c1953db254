// Labels of captures.

import NetTypes
import Testing

@testable import Appliance

@Suite("Label files")
struct LabelFileTests {
    private static let header = "start_ts,end_ts,src_ip,src_port,dst_ip,dst_port,proto,attack_id,label\n"

    private func transports(_ names: [String], address: String = "10.0.0.1") throws -> [UInt8?] {
        let rows = names.map { "1,2,\(address),*,\(address),*,\($0),a,worm\n" }
        return try LabelFile(text: Self.header + rows.joined(), path: "x.csv").flows.map(\.transport)
    }

    @Test("A protocol goes by the name that EVE gives it, or by 1, 6 or 17")
    func names() throws {
        #expect(try transports(["tcp", "UDP", "6", "17", "1", "icmp"]) == [6, 17, 6, 17, 1, 1])
        #expect(try transports(["igmp", "IGMP", "sctp", "99"]) == [2, 2, 132, 99])
        #expect(try transports(["icmp", "icmpv6"], address: "2001:db8::1") == [58, 58])
    }

    @Test("A number for which EVE has a name matches no record, as for whoever judges the log, and is told")
    func numbers() throws {
        let rows = "1,2,10.0.0.1,*,224.0.0.22,*,2,a,worm\n"
        let labels = try LabelFile(text: Self.header + rows + rows, path: "x.csv")
        #expect(labels.flows.map(\.transport) == [nil, nil])
        #expect(labels.unknownProtocols == ["2"])
        let report = EvaluationReport(
            records: [
                ScoredRecord(
                    key: FlowKey.canonical(
                        source: try #require(IPAddress("10.0.0.1")), sourcePort: 0,
                        destination: try #require(IPAddress("224.0.0.22")), destinationPort: 0, transport: 2
                    ).key, start: 1, end: 2, score: 900_000)
            ], alerts: [], labels: labels, scope: EvaluationScope())
        #expect(report.coverage == 0)
        #expect(
            report.text.contains("missed for their protocol's name: rows with 2; write it as EVE does, such as igmp"))
    }

    @Test("Rows of ARP belong to their attack though they have no flow")
    func arp() throws {
        let labels = try LabelFile(text: Self.header + "1,2,10.0.0.1,*,10.0.0.9,*,arp,a,arp_spoof\n", path: "x.csv")
        #expect(labels.flows.isEmpty)
        #expect(labels.attacks["a"]?.hosts.count == 2)
    }
}
