// Tests of statistics events and of the lines of leptonnet.json.

import NetTypes
import Outputs
import Testing

@Suite("Statistics and supplement lines")
struct StatisticsTests {
    /// A snapshot in which every counter has a value of its own.
    private func snapshot() -> StatisticsSnapshot {
        var decode = DecodeCounters()
        decode.packets = 1000
        decode.bytes = 640_500
        decode.invalid = 3
        decode.ipv4 = 990
        decode.ipv6 = 11
        decode.tcp = 800
        decode.udp = 190
        decode.cut = 17
        decode.longestFrame = 1514
        for fault in DecodeFault.allCases { decode.faults[Int(fault.rawValue)] = 100 + UInt64(fault.rawValue) }
        var table = TableCounters()
        table.opened = 42
        table.active = 7
        for reason in FlowEndReason.allCases { table[reason] = 200 + UInt64(reason.rawValue) }
        return StatisticsSnapshot(
            time: Timestamp(seconds: 1_768_469_412), uptime: 60, decode: decode, table: table, alerts: 5)
    }

    @Test("Every fault is counted in exactly one of the two stats lines")
    func faultsAreComplete() {
        var eve = JSONWriter()
        EVERenderer(EVEOptions()).render(snapshot(), into: &eve)
        var own = JSONWriter()
        SupplementRenderer().render(snapshot(), into: &own)
        for fault in DecodeFault.allCases where fault != .none {
            let value = ":\(100 + Int(fault.rawValue))"
            let count = { (line: String) in
                [",", "}"].reduce(0) {
                    $0 + line.split(separator: value + $1, omittingEmptySubsequences: false).count - 1
                }
            }
            #expect(count(text(of: eve)) + count(text(of: own)) == 1, "\(fault)")
        }
    }

    @Test("The stats event has Suricata's names and no memory figures")
    func stats() {
        var json = JSONWriter()
        EVERenderer(EVEOptions()).render(snapshot(), into: &json)
        let line = text(of: json)
        #expect(
            line.hasPrefix(
                """
                {"timestamp":"2026-01-15T09:30:12.000000+0000","event_type":"stats","stats":{"uptime":60,"decoder":\
                {"pkts":1000,"bytes":640500,"invalid":3,"ipv4":990,"ipv6":11,
                """))
        #expect(line.contains(#""avg_pkt_size":640,"max_pkt_size":1514,"too_many_layers":104,"event":{"#))
        #expect(
            line.hasSuffix(
                """
                "flow":{"total":42,"active":7,"tcp":0,"udp":0,"icmpv4":0,"icmpv6":0,"tcp_reuse":202,"get_used":612,\
                "mgr":{"flows_timeout":200}},"tcp":{"sessions":0,"midstream_pickups":0,"reassembly_gap":0},\
                "detect":{"alert":5,"alerts_suppressed":0}}}
                """))
        #expect(!line.contains("mem"))
    }

    @Test("Statistics of an empty run divide by nothing")
    func empty() {
        var json = JSONWriter()
        let time = Timestamp(seconds: 0)
        EVERenderer(EVEOptions()).render(
            StatisticsSnapshot(time: time, uptime: 0, decode: DecodeCounters(), table: TableCounters()), into: &json)
        #expect(text(of: json).contains(#""avg_pkt_size":0"#))
    }

    @Test("What Suricata does not count stands in the supplement")
    func ownStats() {
        var json = JSONWriter()
        SupplementRenderer().render(snapshot(), into: &json)
        #expect(
            text(of: json) == """
                {"timestamp":"2026-01-15T09:30:12.000000+0000","event_type":"stats","uptime":60,"cut_frames":17,\
                "faults":{"link.unsupported_type":102,"fragment.pkt_too_small":113,"fragment.no_first_fragment":114,\
                "vxlan.pkt_too_small":138,"geneve.pkt_too_small":139,"gtp.pkt_too_small":141,\
                "gtp.unknown_payload_type":142},\
                "flows_ended":{"idle_timeout":200,"active_timeout":201,"tcp_reuse":202,"evicted_unanswered":203,\
                "evicted_oldest":204,"evicted_collision":205,"shutdown":206},"application_shed":0,\
                "tunnels_shed":0,"gtp":0}
                """)
    }

    @Test("A flow's statistics in full")
    func flow() {
        var json = JSONWriter()
        SupplementRenderer().render(closed(sampleFlow(), .evictedOldest), into: &json)
        #expect(
            text(of: json) == """
                {"timestamp":"2026-01-15T09:30:12.100000+0000","event_type":"flow","flow_id":1278934423412345,\
                "community_id":"1:EXGxOhS6MNZ/VnXBOlKE5hFN6cw=","end_reason":"evicted_oldest",\
                "start_ns":1768469402000001500,"end_ns":1768469412100000500,"continued":false,"continuation":false,\
                "midstream":false,"server_rtt_us":1000,"client_rtt_us":250,\
                "to_server":{"packets":12,"bytes":1840,"payload_bytes":1000,\
                "length":{"min":66,"mean":153.333,"max":310,"sd":38.586},\
                "gap_ns":{"min":499968,"mean":918181727,"max":1999634432,"sd":497846770},"ttl":{"min":64,"max":64},\
                "dscp":18,"ecn":0,"window":64240,"mss":1460,"retransmissions":1,"out_of_order":0,\
                "mac":"02:00:00:00:00:05"},\
                "to_client":{"packets":10,"bytes":2210,"payload_bytes":1500,\
                "length":{"min":66,"mean":221,"max":450,"sd":105.636},\
                "gap_ns":{"min":699904,"mean":1111000000,"max":2099249152,"sd":458392239},"ttl":{"min":57,"max":58},\
                "dscp":18,"ecn":2,"window":65160,"mss":1400,"retransmissions":0,"out_of_order":0,\
                "mac":"02:00:00:00:00:fe"},\
                "first_lengths":[74,-74,66,-107],"first_gaps_ns":[0,249984,499968,749568]}
                """)
    }

    @Test("ARP, ICMP errors and losses")
    func others() {
        let time = Timestamp(seconds: 1)
        let mac = MACAddress(bits: 0x0200_0000_0001)
        let arp = ARPMessage(
            operation: 2, senderMAC: mac, senderIP: IPAddress("10.0.0.1")!, targetMAC: MACAddress(bits: 0),
            targetIP: IPAddress("10.0.0.2")!, frameSource: mac, frameDestination: MACAddress(bits: 0xffff_ffff_ffff))
        let error = ICMPErrorMessage(
            type: 3, code: 3, sender: IPAddress("10.0.0.1")!, source: IPAddress("10.0.0.2")!,
            destination: IPAddress("10.0.0.3")!, transport: 17, sourcePort: 9, destinationPort: 53)
        let stream = events {
            $0.append(arp, at: time)
            $0.append(error, at: time)
            $0.append(loss: 12, at: time)
        }
        let line = { (event: StreamEvent) in
            var json = JSONWriter()
            SupplementRenderer().render(event, into: &json)
            return text(of: json)
        }
        let head = #"{"timestamp":"1970-01-01T00:00:01.000000+0000","event_type":"#
        #expect(
            line(stream[0]) == head + """
                "arp","operation":"reply","sender_mac":"02:00:00:00:00:01","sender_ip":"10.0.0.1",\
                "target_mac":"00:00:00:00:00:00","target_ip":"10.0.0.2","frame_src_mac":"02:00:00:00:00:01",\
                "frame_dest_mac":"ff:ff:ff:ff:ff:ff"}
                """)
        #expect(
            line(stream[1]) == head + """
                "icmp_error","icmp_type":3,"icmp_code":3,"sender_ip":"10.0.0.1","about":{"src_ip":"10.0.0.2",\
                "dest_ip":"10.0.0.3","src_port":9,"dest_port":53,"proto":"UDP","proto_number":17}}
                """)
        #expect(line(stream[2]) == head + #""loss","lost":12}"#)
    }
}
