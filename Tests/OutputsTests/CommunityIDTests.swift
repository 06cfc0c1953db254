// Tests of Community ID against the specification's vectors.

import NetTypes
import Outputs
import Testing

@Suite("Community ID")
struct CommunityIDTests {
    /// A row of the specification's baseline: protocol, source, destination, source and destination port or, for ICMP,
    /// type and code, and the identifiers for seeds 0 and 1.
    struct Row: Sendable, CustomTestStringConvertible {
        let transport: UInt8
        let source: String
        let destination: String
        let first: UInt16
        let second: UInt16
        let seed0: String
        let seed1: String?

        init(
            _ transport: UInt8, _ source: String, _ destination: String, _ first: UInt16, _ second: UInt16,
            _ seed0: String, _ seed1: String? = nil
        ) {
            self.transport = transport
            self.source = source
            self.destination = destination
            self.first = first
            self.second = second
            self.seed0 = seed0
            self.seed1 = seed1
        }

        var testDescription: String { "\(transport) \(source) \(destination) \(first) \(second)" }
    }

    static let rows: [Row] = [
        Row(
            58, "fe80::200:86ff:fe05:80da", "fe80::260:97ff:fe07:69ea", 135, 0,
            "1:dGHyGvjMfljg6Bppwm3bg0LO8TY=", "1:kHa1FhMYIT6Ym2Vm2AOtoOARDzY="),
        Row(
            58, "fe80::260:97ff:fe07:69ea", "fe80::200:86ff:fe05:80da", 136, 0,
            "1:dGHyGvjMfljg6Bppwm3bg0LO8TY=", "1:kHa1FhMYIT6Ym2Vm2AOtoOARDzY="),
        Row(
            58, "fe80::260:97ff:fe07:69ea", "fe80::200:86ff:fe05:80da", 135, 0,
            "1:zavyT/cezQr1fmImYCwYnMXbgck=", "1:2hSqmsDZ2kdcY9kbiUzOEBic0iM="),
        Row(
            58, "fe80::200:86ff:fe05:80da", "fe80::260:97ff:fe07:69ea", 136, 0,
            "1:zavyT/cezQr1fmImYCwYnMXbgck=", "1:2hSqmsDZ2kdcY9kbiUzOEBic0iM="),
        Row(
            58, "3ffe:501:1800:2345::2", "3ffe:507:0:1:200:86ff:fe05:80da", 3, 0,
            "1:2ObVBgIn28oZvibYZhZMBgh7WdQ=", "1:lVEtCZpYu84Xqaa++3lXFyuu2n4="),
        Row(
            58, "3ffe:501:410:0:2c0:dfff:fe47:33e", "3ffe:507:0:1:200:86ff:fe05:80da", 1, 4,
            "1:hLZd0XGWojozrvxqE0dWB1iM6R0=", "1:W8MHwXpWzpoSTD+cGcaJr4u0ys8="),
        Row(
            58, "3ffe:507:0:1:200:86ff:fe05:80da", "3ffe:501:0:1001::2", 128, 0,
            "1:+TW+HtLHvV1xnGhV1lv7XoJrqQg=", "1:GfZxjAkDk2MkegpBYHV6tadtFXQ="),
        Row(
            58, "3ffe:501:0:1001::2", "3ffe:507:0:1:200:86ff:fe05:80da", 129, 0,
            "1:+TW+HtLHvV1xnGhV1lv7XoJrqQg=", "1:GfZxjAkDk2MkegpBYHV6tadtFXQ="),
        Row(
            58, "fe80::200:86ff:fe05:80da", "ff02::2", 133, 0,
            "1:hO+sN4H+MG5MY/8hIrXPqc4ZQz0=", "1:L7Ka0ZMYu+J3bL4ulW2PrqyXNo8="),
        Row(
            58, "fe80::260:97ff:fe07:69ea", "ff02::1", 134, 0,
            "1:pkvHqCL88/tg1k4cPigmZXUtL00=", "1:K/ee5UCqAMAQXDorP5nSa2CGLjc="),
        Row(
            1, "192.168.0.89", "192.168.0.1", 8, 0,
            "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=", "1:03g6IloqVBdcZlPyX8r0hgoE7kA="),
        Row(
            1, "192.168.0.1", "192.168.0.89", 0, 0,
            "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=", "1:03g6IloqVBdcZlPyX8r0hgoE7kA="),
        Row(
            1, "10.0.0.1", "10.0.0.2", 11, 0,
            "1:YHxtAirCG//0OzkcVAukqKQN9xM=", "1:XjUibYHaafLQ3pxQeiMI8g25q20="),
        Row(
            6, "2001:470:e5bf:dead:4957:2174:e82c:4887", "2607:f8b0:400c:c03::1a", 63943, 25,
            "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=", "1:eJYTW6AOzFLlSUoESovMjnu7rMw="),
        Row(
            6, "2607:f8b0:400c:c03::1a", "2001:470:e5bf:dead:4957:2174:e82c:4887", 25, 63943,
            "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=", "1:eJYTW6AOzFLlSUoESovMjnu7rMw="),
        Row(
            132, "192.168.170.8", "192.168.170.56", 7, 7,
            "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs=", "1:5w3ZRjeKBzqT3zsaEECDGjUbYeg="),
        Row(
            132, "192.168.170.56", "192.168.170.8", 7, 7,
            "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs=", "1:5w3ZRjeKBzqT3zsaEECDGjUbYeg="),
        Row(
            6, "128.232.110.120", "66.35.250.204", 34855, 80,
            "1:LQU9qZlK+B5F3KDmev6m5PMibrg=", "1:3V71V58M3Ksw/yuFALMcW0LAHvc="),
        Row(
            6, "66.35.250.204", "128.232.110.120", 80, 34855,
            "1:LQU9qZlK+B5F3KDmev6m5PMibrg=", "1:3V71V58M3Ksw/yuFALMcW0LAHvc="),
        Row(
            17, "192.168.1.52", "8.8.8.8", 54585, 53,
            "1:d/FP5EW3wiY1vCndhwleRRKHowQ=", "1:Q9We8WO3piVF8yEQBNJF4uiSVrI="),
        Row(
            17, "8.8.8.8", "192.168.1.52", 53, 54585,
            "1:d/FP5EW3wiY1vCndhwleRRKHowQ=", "1:Q9We8WO3piVF8yEQBNJF4uiSVrI="),
        Row(
            46, "10.1.12.1", "10.1.12.2", 0, 0,
            "1:KHlLkgoJW7ifUTyTSgyVfkFHzKw=", "1:rYir8gphR31noO9iDRQmF/BteEI="),
        Row(
            46, "10.1.12.2", "10.1.12.1", 0, 0,
            "1:KHlLkgoJW7ifUTyTSgyVfkFHzKw=", "1:rYir8gphR31noO9iDRQmF/BteEI="),
        Row(
            6, "1.2.3.4", "5.6.7.8", 1122, 3344,
            "1:wCb3OG7yAFWelaUydu0D+125CLM=", "1:HhA1B+6CoLbiKPEs5nhNYN4XWfk="),
        Row(17, "1.2.3.4", "5.6.7.8", 1122, 3344, "1:0Mu9InQx6z4ZiCZM/7HXi2WMhOg="),
        Row(132, "1.2.3.4", "5.6.7.8", 1122, 3344, "1:EKt4MsxuyaE6mL+hmrEkQ9csDD8="),
        Row(1, "1.2.3.4", "5.6.7.8", 8, 0, "1:crodRHL2FEsHjbv3UkRrfbs4bZ0="),
        Row(1, "5.6.7.8", "1.2.3.4", 0, 0, "1:crodRHL2FEsHjbv3UkRrfbs4bZ0="),
        Row(1, "1.2.3.4", "5.6.7.8", 11, 0, "1:f/YiSyWqczrTgfUCZlBUnvHRcPk="),
        Row(
            58, "fe80:1:203:405:607:809:a0b:c0d", "fe80:1011:1213:1415:1617:1819:1a1b:1c1d", 128, 0,
            "1:0bf7hyMJUwt3fMED7z8LIfRpBeo="),
        Row(
            58, "fe80:1:203:405:607:809:a0b:c0d", "fe80:1011:1213:1415:1617:1819:1a1b:1c1d", 146, 0,
            "1:fYC8+pz24E+EhANP1EZhpX0Dw10="),
        Row(46, "1.2.3.4", "5.6.7.8", 0, 0, "1:ikv3kmf89luf73WPz1jOs49S768="),
        Row(
            46, "fe80:1:203:405:607:809:a0b:c0d", "fe80:1011:1213:1415:1617:1819:1a1b:1c1d", 0, 0,
            "1:wQ/2mwrnXP4lmJcHdGL5ePjR+e0="),
        Row(6, "10.0.0.1", "10.0.0.2", 10, 20, "1:9j2Dzwrw7T9E+IZi4b4IVT66HBI="),
        Row(1, "192.168.0.89", "192.168.0.1", 20, 0, "1:3o2RFccXzUgjl7zDpqmY7yJi8rI="),
    ]

    @Test("The vectors of the specification hold for both seeds", arguments: rows)
    func vectors(row: Row) {
        #expect(Self.text(of: row, seed: 0) == row.seed0)
        if let expected = row.seed1 { #expect(Self.text(of: row, seed: 1) == expected) }
    }

    @Test("A flow's identifier in its EVE line is that of its packets", arguments: rows)
    func flows(row: Row) {
        var flow = FlowRecord()
        let isICMP = row.transport == IPProtocol.icmp || row.transport == IPProtocol.icmpv6
        let (key, clientIsFirst) = FlowKey.canonical(
            source: IPAddress(row.source)!, sourcePort: isICMP ? 77 : row.first,
            destination: IPAddress(row.destination)!, destinationPort: isICMP ? 0 : row.second,
            transport: row.transport)
        flow.identity.key = key
        flow.identity.status = clientIsFirst ? .clientIsFirst : []
        flow.toServer.packets = 1
        flow.details.icmpType = UInt8(truncatingIfNeeded: row.first)
        flow.details.icmpCode = UInt8(truncatingIfNeeded: row.second)
        let line = eveLine(closed(flow))
        #expect(line.contains("\"community_id\":\"\(row.seed0)\""), "\(line)")
    }

    @Test("A ping seen from its reply only has the identifier of the whole ping")
    func replyOnly() {
        var flow = FlowRecord()
        let (key, clientIsFirst) = FlowKey.canonical(
            source: IPAddress("192.168.0.89")!, sourcePort: 1, destination: IPAddress("192.168.0.1")!,
            destinationPort: 0, transport: IPProtocol.icmp)
        flow.identity.key = key
        flow.identity.status = clientIsFirst ? .clientIsFirst : []
        flow.toClient.packets = 1
        flow.details.responseICMPType = 0
        #expect(eveLine(closed(flow)).contains("1:X0snYXpgwiv9TZtqg64sgzUn6Dk="))
    }

    static func text(of row: Row, seed: UInt16) -> String {
        let identifier = CommunityID(seed: seed)
        let source = IPAddress(row.source)!
        let destination = IPAddress(row.destination)!
        let digest =
            row.transport == IPProtocol.icmp || row.transport == IPProtocol.icmpv6
            ? identifier.digest(
                icmp: row.transport, type: UInt8(row.first), code: UInt8(row.second), source: source,
                destination: destination)
            : identifier.digest(
                transport: row.transport, source: source, sourcePort: row.first, destination: destination,
                destinationPort: row.second)
        return CommunityID.text(digest)
    }
}
