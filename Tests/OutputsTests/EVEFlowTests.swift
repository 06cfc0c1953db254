// Tests of EVE flow events.

import NetTypes
import Outputs
import Testing

@Suite("EVE flow events")
struct EVEFlowTests {
    @Test("A TCP flow is one line with Suricata's keys in Suricata's forms")
    func tcp() {
        var options = EVEOptions()
        options.captureFile = "odd \"name\".pcap"
        options.host = "lepton-1"
        var annotations = FlowAnnotations()
        annotations.annotate("leptonnet.anomaly_ppm", 12)
        annotations.annotate("leptonnet.anomaly_ppm", 345)
        annotations.markAlerted()
        annotations.current = 7
        annotations.annotate("leptonnet.anomaly_ppm", 999)
        let expected = """
            {"timestamp":"2026-01-15T09:30:12.100000+0000","flow_id":1278934423412345,"host":"lepton-1",\
            "pcap_filename":"odd \\"name\\".pcap","event_type":"flow","vlan":[100],"src_ip":"10.0.0.5",\
            "src_port":40112,"dest_ip":"10.0.0.9","dest_port":22,"proto":"TCP","ip_v":4,"app_proto":"ssh",\
            "community_id":"1:EXGxOhS6MNZ/VnXBOlKE5hFN6cw=",\
            "ether":{"src_mac":"02:00:00:00:00:05","dest_mac":"02:00:00:00:00:fe"},\
            "flow":{"pkts_toserver":12,"pkts_toclient":10,"bytes_toserver":1840,"bytes_toclient":2210,\
            "start":"2026-01-15T09:30:02.000001+0000","end":"2026-01-15T09:30:12.100000+0000","age":10,\
            "state":"closed","reason":"timeout","alerted":true},\
            "tcp":{"tcp_flags":"1b","tcp_flags_ts":"1b","tcp_flags_tc":"1b","syn":true,"fin":true,"psh":true,\
            "ack":true,"state":"closed"},\
            "metadata":{"flowints":{"leptonnet.rtt_us":1250,"leptonnet.retransmissions_ts":1,\
            "leptonnet.first_1":74,"leptonnet.first_2":-74,"leptonnet.first_3":66,"leptonnet.first_4":-107,\
            "leptonnet.anomaly_ppm":345}}}
            """
        #expect(eveLine(closed(sampleFlow()), options, annotations: annotations) == expected)
    }

    @Test("An unanswered UDP flow over IPv6 with two VLANs in a tunnel")
    func udp() {
        var flow = FlowRecord()
        var (key, clientIsFirst) = FlowKey.canonical(
            source: IPAddress("2001:db8::5")!, sourcePort: 5353, destination: IPAddress("ff02::fb")!,
            destinationPort: 5353, transport: IPProtocol.udp)
        key.outerVLAN = FlowKey.vlanPresent | 7
        key.innerVLAN = FlowKey.vlanPresent
        key.shape |= 2
        flow.identity.key = key
        flow.identity.status = clientIsFirst ? .clientIsFirst : []
        flow.details.firstToServer = 1_000_000_000
        flow.toServer.lastSeen = 1_000_000_000
        flow.toServer.packets = 1
        flow.toServer.bytes = 90
        flow.details.flowID = 5
        flow.firstPackets.lengths[0] = 90
        flow.identity.firstPacketCount = 1
        let expected = """
            {"timestamp":"1970-01-01T00:00:01.000000+0000","flow_id":5,"event_type":"flow","vlan":[7,0],\
            "src_ip":"2001:db8::5","src_port":5353,"dest_ip":"ff02::fb","dest_port":5353,"proto":"UDP","ip_v":6,\
            "tunnel":{"depth":2},"community_id":"\(CommunityIDTests.text(
                of: .init(17, "2001:db8::5", "ff02::fb", 5353, 5353, ""), seed: 0))",\
            "flow":{"pkts_toserver":1,"pkts_toclient":0,"bytes_toserver":90,"bytes_toclient":0,\
            "start":"1970-01-01T00:00:01.000000+0000","end":"1970-01-01T00:00:01.000000+0000","age":0,"state":"new",\
            "reason":"shutdown","alerted":false},"metadata":{"flowints":{"leptonnet.first_1":90}}}
            """
        #expect(eveLine(closed(flow, .shutdown)) == expected)
    }

    @Test("An answered ping has types and codes instead of ports")
    func icmp() {
        var flow = sampleFlow()
        (flow.identity.key, _) = FlowKey.canonical(
            source: IPAddress("10.0.0.5")!, sourcePort: 77, destination: IPAddress("10.0.0.9")!, destinationPort: 0,
            transport: IPProtocol.icmp)
        flow.identity.tcpState = .none
        flow.details.icmpType = 8
        let line = eveLine(closed(flow))
        #expect(
            line.contains(
                """
                "src_ip":"10.0.0.5","dest_ip":"10.0.0.9","proto":"ICMP","ip_v":4,"icmp_type":8,"icmp_code":0,\
                "response_icmp_type":0,"response_icmp_code":0,
                """))
        #expect(!line.contains("\"tcp\":") && line.contains("\"state\":\"established\""))
    }

    @Test("A protocol without a name is written as its number, as a string")
    func unnamedProtocol() {
        var flow = sampleFlow()
        flow.identity.key.transport = 253
        #expect(eveLine(closed(flow)).contains(#""proto":"253""#))
    }

    @Test(
        "Reasons are Suricata's",
        arguments: [
            (.idleTimeout, "timeout"), (.activeTimeout, "timeout"), (.reused, "tcp_reuse"),
            (.evictedUnanswered, "forced"), (.evictedOldest, "forced"), (.evictedCollision, "forced"),
            (.shutdown, "shutdown"),
        ] as [(FlowEndReason, String)])
    func reasons(reason: FlowEndReason, expected: String) {
        let line = eveLine(closed(sampleFlow(), reason))
        #expect(line.contains("\"reason\":\"\(expected)\""))
        #expect(line.contains(#""leptonnet.continued":1"#) == (reason == .activeTimeout))
    }

    @Test(
        "States are Suricata's",
        arguments: [
            (.synSent, "new", "syn_sent"), (.synReceived, "new", "syn_recv"),
            (.established, "established", "established"), (.closing, "established", "fin_wait1"),
            (.closed, "closed", "closed"), (.reset, "closed", "closed"),
        ] as [(TCPState, String, String)])
    func states(state: TCPState, flowState: String, tcpState: String) {
        var flow = sampleFlow()
        flow.identity.tcpState = state
        let line = eveLine(closed(flow))
        #expect(line.contains("\"state\":\"\(flowState)\",\"reason\""))
        #expect(line.contains("\"ack\":true,\"state\":\"\(tcpState)\"}"))
    }

    @Test("A later record of a flow says so, and gaps show in the tcp object")
    func continuation() {
        var flow = sampleFlow()
        flow.identity.status.formUnion([.continued, .toServerGap, .toClientGap])
        let line = eveLine(closed(flow))
        #expect(line.contains(#""leptonnet.continuation":1"#))
        #expect(line.contains(#""state":"closed","ts_gap":true,"tc_gap":true}"#))
    }

    @Test("A flow never ends before it starts, and its age fits the printed times")
    func timeOrder() {
        var flow = sampleFlow()
        flow.toServer.lastSeen = flow.details.firstToServer - 5_000_000_000
        flow.toClient.lastSeen = flow.toServer.lastSeen
        #expect(
            eveLine(closed(flow)).contains(
                #""start":"2026-01-15T09:30:02.000001+0000","end":"2026-01-15T09:30:02.000001+0000","age":0"#))
        flow.details.firstToServer = 1_000_000_900
        flow.details.firstToClient = 1_000_000_900
        // Less than a second apart in nanoseconds, exactly a second as printed.
        flow.toServer.lastSeen = 2_000_000_100
        flow.toClient.lastSeen = 2_000_000_100
        #expect(eveLine(closed(flow)).contains(#""age":1"#))
    }

    @Test("Types that were not chosen have no line")
    func selection() {
        var options = EVEOptions()
        options.types = [.dns]
        #expect(eveLine(closed(sampleFlow()), options) == "")
        #expect(options.types.sources == .application)
        #expect(EVEEventTypes.all.sources == [.closed, .fault, .application])
        #expect(EVEEventTypes.named.reduce(into: []) { $0.formUnion($1.type) } == EVEEventTypes.all)
    }

    @Test("Annotations are found from any start, and only for their event")
    func annotations() {
        var annotations = FlowAnnotations()
        for event in stride(from: 0, to: 40, by: 4) {
            annotations.current = event
            annotations.annotate("leptonnet.value", Int64(event))
            if event % 8 == 0 { annotations.markAlerted() }
        }
        let stream = events { buffer in
            for _ in 0..<40 { buffer.append(.closed, sampleFlow(), at: sampleFlow().end) }
        }
        for first in [0, 1, 17, 36, 39] {
            var reader = AnnotationReader(annotations, from: first)
            for index in first..<40 {
                var json = JSONWriter()
                EVERenderer(EVEOptions()).render(stream[index], at: index, annotations: &reader, into: &json)
                let line = text(of: json)
                #expect(line.contains("\"leptonnet.value\":\(index)}") == (index % 4 == 0))
                #expect(line.contains(#""alerted":true"#) == (index % 8 == 0))
            }
        }
    }
}
