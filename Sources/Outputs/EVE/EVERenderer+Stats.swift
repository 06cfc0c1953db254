// EVE `stats` events, with Suricata's names for the counters.

import NetTypes

extension EVERenderer {
    /// Appends the line of a statistics snapshot, if `stats` is among the chosen types.
    ///
    /// Counters that Suricata has no name for are in `leptonnet.json`. Memory figures are left out: they would make the
    /// log of a replay depend on the machine.
    public func render(_ snapshot: StatisticsSnapshot, into json: inout JSONWriter) {
        guard types.contains(.stats) else { return }
        begin("stats", at: snapshot.time, flowID: nil, into: &json)
        json.beginObject("stats")
        json.member("uptime", snapshot.uptime)
        if let capture = snapshot.capture {
            json.beginObject("capture")
            json.member("kernel_packets", capture.packets)
            json.member("kernel_drops", capture.drops)
            json.endObject()
        }
        writeDecoder(snapshot.decode, into: &json)
        writeDefragmentation(snapshot.decode, into: &json)
        writeFlows(snapshot.table, into: &json)
        json.beginObject("tcp")
        json.member("sessions", snapshot.table.tcpSessions)
        json.member("midstream_pickups", snapshot.table.midstream)
        json.member("reassembly_gap", snapshot.table.gaps)
        json.endObject()
        json.beginObject("detect")
        json.member("alert", snapshot.alerts)
        json.member("alerts_suppressed", snapshot.suppressedAlerts)
        json.endObject()
        json.endObject()
        json.endLine()
    }

    private func writeDecoder(_ counters: DecodeCounters, into json: inout JSONWriter) {
        json.beginObject("decoder")
        json.member("pkts", counters.packets)
        json.member("bytes", counters.bytes)
        json.member("invalid", counters.invalid)
        json.member("ipv4", counters.ipv4)
        json.member("ipv6", counters.ipv6)
        json.member("ethernet", counters.ethernet)
        json.member("arp", counters.arp)
        json.member("raw", counters.raw)
        // Both versions of the Linux cooked header are one counter here.
        json.member("sll", counters.linuxCooked)
        json.member("tcp", counters.tcp)
        json.member("udp", counters.udp)
        json.member("sctp", counters.sctp)
        json.member("icmpv4", counters.icmpv4)
        json.member("icmpv6", counters.icmpv6)
        json.member("null", counters.loopback)
        json.member("vlan", counters.vlan)
        json.member("vlan_qinq", counters.qinq)
        writeTunnels(counters.tunnels, into: &json)
        json.member("avg_pkt_size", counters.packets == 0 ? 0 : counters.bytes / counters.packets)
        json.member("max_pkt_size", counters.longestFrame)
        json.member("too_many_layers", counters[.tooManyLayers])
        json.beginObject("event")
        for group in Self.faultGroups {
            json.beginObject(group.name)
            for (name, fault) in group.faults { json.member(name, counters[fault]) }
            json.endObject()
        }
        json.endObject()
        json.endObject()
    }

    private func writeTunnels(_ counters: TunnelCounters, into json: inout JSONWriter) {
        json.member("pppoe", counters.pppoe)
        json.member("ppp", counters.ppp)
        json.member("mpls", counters.mpls)
        json.member("gre", counters.gre)
        json.member("erspan", counters.erspan)
        json.member("vxlan", counters.vxlan)
        json.member("geneve", counters.geneve)
        json.member("teredo", counters.teredo)
        json.member("ipv4_in_ipv4", counters.ipv4InIPv4)
        json.member("ipv4_in_ipv6", counters.ipv4InIPv6)
        json.member("ipv6_in_ipv4", counters.ipv6InIPv4)
        json.member("ipv6_in_ipv6", counters.ipv6InIPv6)
    }

    private func writeDefragmentation(_ counters: DecodeCounters, into json: inout JSONWriter) {
        json.beginObject("defrag")
        json.beginObject("ipv4")
        json.member("fragments", counters.ipv4Fragments)
        json.endObject()
        json.beginObject("ipv6")
        json.member("fragments", counters.ipv6Fragments)
        json.endObject()
        json.endObject()
    }

    private func writeFlows(_ counters: TableCounters, into json: inout JSONWriter) {
        json.beginObject("flow")
        json.member("total", counters.opened)
        json.member("active", max(0, counters.active))
        json.member("tcp", counters.tcp)
        json.member("udp", counters.udp)
        json.member("icmpv4", counters.icmpv4)
        json.member("icmpv6", counters.icmpv6)
        json.member("tcp_reuse", counters[.reused])
        // Suricata's name for records taken from live flows because the table was full.
        json.member(
            "get_used", counters[.evictedUnanswered] + counters[.evictedOldest] + counters[.evictedCollision])
        json.beginObject("mgr")
        json.member("flows_timeout", counters[.idleTimeout])
        json.endObject()
        json.endObject()
    }

    /// The faults that Suricata counts too, grouped as it groups them under `decoder.event`.
    private static let faultGroups: [(name: StaticString, faults: [(StaticString, DecodeFault)])] = [
        ("ethernet", [("pkt_too_small", .linkTruncated)]),
        ("vlan", [("header_too_small", .vlanTruncated)]),
        (
            "ipv4",
            [
                ("pkt_too_small", .ipv4Truncated), ("wrong_ip_version", .ipv4BadVersion),
                ("hlen_too_small", .ipv4BadHeaderLength), ("iplen_smaller_than_hlen", .ipv4BadTotalLength),
            ]
        ),
        (
            "ipv6",
            [
                ("pkt_too_small", .ipv6Truncated), ("wrong_ip_version", .ipv6BadVersion),
                ("trunc_pkt", .ipv6BadPayloadLength), ("trunc_exthdr", .ipv6ExtensionTruncated),
            ]
        ),
        (
            "tcp",
            [
                ("pkt_too_small", .tcpTruncated), ("hlen_too_small", .tcpBadHeaderLength),
                ("opt_invalid_len", .tcpBadOption),
            ]
        ),
        ("udp", [("pkt_too_small", .udpTruncated), ("hlen_invalid", .udpBadLength)]),
        ("icmpv4", [("pkt_too_small", .icmpTruncated)]),
        ("icmpv6", [("pkt_too_small", .icmpv6Truncated)]),
        ("sctp", [("pkt_too_small", .sctpTruncated)]),
        ("arp", [("pkt_too_small", .arpTruncated), ("unsupported_hardware", .arpUnsupported)]),
        ("ltnull", [("pkt_too_small", .loopbackTruncated), ("unsupported_type", .loopbackUnsupported)]),
        ("pppoe", [("pkt_too_small", .pppoeTruncated), ("wrong_code", .pppoeBadCode)]),
        ("ppp", [("pkt_too_small", .pppTruncated)]),
        ("mpls", [("header_too_small", .mplsTruncated), ("unknown_payload_type", .mplsUnknownPayload)]),
        (
            "gre",
            [
                ("pkt_too_small", .greTruncated), ("wrong_version", .greBadVersion),
                ("version0_malformed_sre_hdr", .greBadRouting), ("version1_wrong_protocol", .greBadProtocol),
            ]
        ),
        ("erspan", [("header_too_small", .erspanTruncated), ("unsupported_version", .erspanBadVersion)]),
        ("geneve", [("unknown_payload_type", .geneveUnknownPayload)]),
    ]

    /// The faults that Suricata has no counter for.
    static let ownFaults: [DecodeFault] = [
        .linkTypeUnsupported, .fragmentTruncated, .fragmentUnmatched, .vxlanTruncated, .geneveTruncated, .gtpTruncated,
        .gtpUnknownPayload,
    ]
}

