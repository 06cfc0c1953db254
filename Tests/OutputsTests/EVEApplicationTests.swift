// Tests of EVE events of application records and decode faults.

import Foundation
import NetTypes
import Outputs
import Testing

@Suite("EVE application events")
struct EVEApplicationTests {
    /// The payload object of an event's line.
    private func payload(_ event: StreamEvent, _ key: String) -> String {
        let line = eveLine(event)
        guard let start = line.range(of: "\"\(key)\":{") else { return line }
        return String(line[start.lowerBound...].dropLast())
    }

    @Test("The head of an application event names flow, endpoints and protocol")
    func head() {
        let line = eveLine(application(.ssh) { $0.append(.sshClientProtocol, "2.0") })
        #expect(
            line == """
                {"timestamp":"2026-01-15T09:30:02.000001+0000","flow_id":1278934423412345,"event_type":"ssh",\
                "vlan":[100],"src_ip":"10.0.0.5","src_port":40112,"dest_ip":"10.0.0.9","dest_port":22,"proto":"TCP",\
                "ip_v":4,"app_proto":"ssh","community_id":"1:EXGxOhS6MNZ/VnXBOlKE5hFN6cw=",\
                "ssh":{"client":{"proto_version":"2.0"}}}
                """)
    }

    @Test("A DNS question")
    func dnsQuery() {
        let event = application(.dns) {
            $0.append(.dnsID, UInt16(4660))
            $0.append(.dnsFlags, UInt16(0x0100))
            $0.append(.dnsQueryName, "www.example.org")
            $0.append(.dnsQueryType, UInt16(28))
            $0.append(.dnsQueryClass, UInt16(1))
        }
        #expect(
            payload(event, "dns") == """
                "dns":{"version":2,"type":"query","id":4660,"flags":"0100","rd":true,"opcode":0,\
                "rrname":"www.example.org","rrtype":"AAAA"}
                """)
    }

    @Test("A DNS answer with addresses, names, text and a type nobody named")
    func dnsAnswer() {
        let event = application(.dns) {
            $0.append(.dnsID, UInt16(1))
            $0.append(.dnsFlags, UInt16(0x8583))
            $0.append(.dnsQueryName, "a.b")
            $0.append(.dnsQueryType, UInt16(65280))
            let answers: [(UInt16, [UInt8])] = [
                (5, Array("c.d".utf8)), (1, [192, 0, 2, 1]), (1, [192, 0, 2, 2]),
                (28, [0x20, 0x01, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11) + [1]),
                (16, Array("v=spf1 \"x\"".utf8)), (65280, [0xde, 0xad]), (1, [1, 2, 3]), (6, Array("ns.d".utf8)),
                (48, []),
            ]
            for (type, data) in answers {
                $0.append(.dnsAnswerName, "a.b")
                $0.append(.dnsAnswerType, type)
                $0.append(.dnsAnswerTTL, UInt32(300))
                $0.append(.dnsAnswerData, bytes: data)
            }
        }
        let record = { (type: String, data: String) in
            #"{"rrname":"a.b","rrtype":"\#(type)","ttl":300,"rdata":"\#(data)"}"#
        }
        let answers = [
            record("CNAME", "c.d"), record("A", "192.0.2.1"), record("A", "192.0.2.2"), record("AAAA", "2001:db8::1"),
            record("TXT", #"v=spf1 \"x\""#), record("TYPE65280", ##"\\# 2 dead"##), record("A", ##"\\# 3 010203"##),
            record("SOA", "ns.d"), record("DNSKEY", ##"\\# 0"##),
        ].joined(separator: ",")
        #expect(
            payload(event, "dns") == """
                "dns":{"version":2,"type":"answer","id":1,"flags":"8583","qr":true,"aa":true,"rd":true,"ra":true,\
                "opcode":0,"rrname":"a.b","rrtype":"TYPE65280","rcode":"NXDOMAIN","answers":[\(answers)],\
                "grouped":{"A":["192.0.2.1","192.0.2.2","\\\\# 3 010203"],"AAAA":["2001:db8::1"],"CNAME":["c.d"],\
                "TXT":["v=spf1 \\"x\\""]}}
                """)
    }

    @Test("A TLS handshake with a certificate")
    func tls() {
        let event = application(.tls) {
            $0.append(.tlsServerName, "example.org")
            $0.append(.tlsVersion, UInt16(0x0303))
            $0.append(.tlsClientALPN, "h2")
            $0.append(.tlsServerALPN, "http/1.1")
            $0.append(.tlsJA3, "771,4865,0,29,0")
            $0.append(.tlsJA3Hash, "0123456789abcdef0123456789abcdef")
            $0.append(.tlsJA4, "t13d1516h2_8daaf6152771_e5627efa2ab1")
            $0.append(.tlsCipherSuite, UInt16(0xc02f))
            $0.append(.tlsSubject, "CN=example.org")
            $0.append(.tlsIssuer, "CN=Test CA")
            $0.append(.tlsSerial, "01:02")
            $0.append(.tlsFingerprint, "aa:bb")
            $0.append(.tlsNotBefore, Int64(1_470_096_000))
            $0.append(.tlsNotAfter, Int64(253_402_300_799))
            $0.append(.tlsSubjectAlternativeName, "example.org")
            $0.append(.tlsSubjectAlternativeName, "*.example.org")
        }
        #expect(
            payload(event, "tls") == """
                "tls":{"subject":"CN=example.org","issuerdn":"CN=Test CA","serial":"01:02","fingerprint":"aa:bb",\
                "sni":"example.org","version":"TLS 1.2","notbefore":"2016-08-02T00:00:00",\
                "subjectaltname":["example.org","*.example.org"],\
                "ja3":{"hash":"0123456789abcdef0123456789abcdef","string":"771,4865,0,29,0"},\
                "ja4":"t13d1516h2_8daaf6152771_e5627efa2ab1","client_alpns":["h2"],"server_alpns":["http/1.1"],\
                "server_handshake":{"cipher":49199}}
                """)
    }

    @Test("An HTTP exchange with hostile values")
    func http() {
        let event = application(.http) {
            $0.append(.httpMethod, "GET")
            $0.append(.httpHost, "example.org")
            $0.append(.httpPath, bytes: Array("/a?b=\u{202e}".utf8) + [0xff])
            $0.append(.httpVersion, "HTTP/1.1")
            $0.append(.httpUserAgent, "curl\"\n{")
            $0.append(.httpReferrer, "http://x/")
            $0.append(.httpHeaderOrder, "host,user-agent,accept")
            $0.append(.httpStatus, UInt16(302))
            $0.append(.httpContentType, "text/html")
            $0.append(.httpContentLength, UInt64.max)
            $0.append(.httpRedirect, "/there")
        }
        #expect(
            payload(event, "http") == """
                "http":{"hostname":"example.org","url":"/a?b=\\u202e\\\\xff","http_user_agent":"curl\\"\\n{",\
                "http_content_type":"text/html","http_refer":"http://x/","http_method":"GET","protocol":"HTTP/1.1",\
                "status":302,"redirect":"/there","length":9223372036854775807,\
                "request_headers":[{"name":"host"},{"name":"user-agent"},{"name":"accept"}]}
                """)
    }

    @Test("A DHCP reply")
    func dhcp() {
        let event = application(.dhcp) {
            $0.append(.dhcpOperation, UInt8(2))
            $0.append(.dhcpID, UInt32(0xdead_beef))
            $0.append(.dhcpClientMAC, bytes: [2, 0, 0, 0, 0, 9])
            $0.append(.dhcpAssignedAddress, bytes: [10, 0, 0, 77])
            $0.append(.dhcpMessageType, UInt8(5))
            $0.append(.dhcpHostName, "printer")
            $0.append(.dhcpLeaseTime, UInt32(3600))
            $0.append(.dhcpRouter, bytes: [10, 0, 0, 1])
            $0.append(.dhcpNameServer, bytes: [10, 0, 0, 2])
            $0.append(.dhcpNameServer, bytes: [10, 0, 0, 3])
        }
        #expect(
            payload(event, "dhcp") == """
                "dhcp":{"type":"reply","id":3735928559,"client_mac":"02:00:00:00:00:09","assigned_ip":"10.0.0.77",\
                "dhcp_type":"ack","lease_time":3600,"routers":["10.0.0.1"],"hostname":"printer",\
                "dns_servers":["10.0.0.2","10.0.0.3"]}
                """)
    }

    @Test("A record that did not hold everything says so")
    func truncated() {
        let event = application(.http) {
            $0.append(.httpPath, String(repeating: "a", count: FieldWriter.maximumLength + 1))
        }
        let line = eveLine(event)
        #expect(line.hasSuffix(#""metadata":{"flowints":{"leptonnet.truncated":1}}}"#))
        #expect(line.contains(String(repeating: "a", count: FieldWriter.maximumLength) + "\""))
    }

    @Test("A decode fault is an anomaly with as much as is known of the packet")
    func anomaly() {
        let (key, sourceIsFirst) = FlowKey.canonical(
            source: IPAddress("10.0.0.9")!, sourcePort: 0, destination: IPAddress("10.0.0.5")!, destinationPort: 0,
            transport: IPProtocol.tcp)
        let time = Timestamp(nanoseconds: 1_000_000_000)
        let known = FaultMessage(fault: .tcpTruncated, hasKey: true, sourceIsFirst: sourceIsFirst, key: key)
        let unknown = FaultMessage(fault: .ipv4Truncated, hasKey: false, sourceIsFirst: true, key: FlowKey())
        let stream = events {
            $0.append(known, at: time)
            $0.append(unknown, at: time)
        }
        #expect(
            eveLine(stream[0]) == """
                {"timestamp":"1970-01-01T00:00:01.000000+0000","event_type":"anomaly","src_ip":"10.0.0.9",\
                "dest_ip":"10.0.0.5","proto":"TCP","ip_v":4,\
                "anomaly":{"type":"decode","event":"decoder.tcp.pkt_too_small"}}
                """)
        #expect(
            eveLine(stream[1]) == """
                {"timestamp":"1970-01-01T00:00:01.000000+0000","event_type":"anomaly",\
                "anomaly":{"type":"decode","event":"decoder.ipv4.pkt_too_small"}}
                """)
    }
}
