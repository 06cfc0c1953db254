// Judges EVE.

import Configuration
import NetTypes
import Outputs

/// The rules of Suricata's schema that concern what leptonnet writes, and those that a schema cannot state.
struct EVEJudge: FormatJudge {
    private static let root: Set<String> = [
        "timestamp", "flow_id", "host", "in_iface", "pcap_filename", "pcap_cnt", "event_type", "ip_v", "src_ip",
        "src_port",
        "dest_ip", "dest_port", "proto", "icmp_type", "icmp_code", "response_icmp_type", "response_icmp_code",
        "app_proto",
        "community_id", "vlan", "ether", "tunnel", "pkt_src", "direction", "tx_id", "tx_guessed", "metadata", "alert",
        "flow", "tcp", "anomaly", "stats", "dns", "tls", "http", "ssh", "dhcp", "quic", "smb", "dcerpc", "rdp", "ftp",
        "smtp", "modbus", "mqtt", "snmp", "netflow", "drop", "verdict", "fileinfo",
    ]
    private static let alert: Set<String> = [
        "action", "category", "context", "engine", "gid", "metadata", "references", "rev", "rule", "severity",
        "signature",
        "signature_id", "source", "target", "xff",
    ]
    private static let flow: Set<String> = [
        "action", "age", "alerted", "bypass", "bypassed", "bytes_toclient", "bytes_toserver", "pkts_toclient",
        "pkts_toserver", "start", "end", "state", "reason", "emergency", "elephant", "elephant_direction",
        "exception_policy", "src_ip", "dest_ip", "src_port", "dest_port", "tx_cnt", "wrong_thread",
    ]

    func judge(_ line: ArraySlice<UInt8>, _ result: inout LineJudge) {
        let value: StrictJSON
        do {
            value = try StrictJSON(line)
        } catch {
            return result.check("JSON", false, error.message)
        }
        result.check("JSON", value.members != nil, "a line is one object")
        result.requireKeys(["timestamp", "event_type"], of: value)
        result.allow(Self.root, in: value, of: "the root")
        result.allow(Self.alert, in: value["alert"], of: "alert")
        result.allow(Self.flow, in: value["flow"], of: "flow")
        for path in ["timestamp", "flow.start", "flow.end"] { moment(path, of: value, &result) }
        for path in ["src_ip", "dest_ip", "tunnel.src_ip", "tunnel.dest_ip", "alert.source.ip", "alert.target.ip"] {
            result.address(path, of: value)
        }
        for path in ["src_port", "dest_port", "alert.source.port", "alert.target.port"] { result.port(path, of: value) }
        for name in ["pkts_toserver", "pkts_toclient", "bytes_toserver", "bytes_toclient", "age"] {
            result.counter("flow.\(name)", of: value)
        }
        if let vlan = value["vlan"] {
            result.check(
                "VLANs", vlan.elements.map { !$0.isEmpty && $0.allSatisfy { $0.whole != nil } } ?? false,
                "vlan is no list of numbers")
        }
        if value["alert"] != nil {
            for name in ["signature_id", "gid", "rev", "severity"] { result.counter("alert.\(name)", of: value) }
            let isKnown = value["alert.action"]?.string.map { ["allowed", "blocked"].contains($0) } ?? false
            result.check("alerts", isKnown, "alert.action is neither allowed nor blocked")
        }
        spans(of: value, &result)
        communityID(of: value, &result)
    }

    private func moment(_ path: String, of value: StrictJSON, _ result: inout LineJudge) {
        guard let found = value[path] else { return }
        let isFine = found.string.map { Self.isMoment(Array($0.utf8)) }
        result.check("timestamps", isFine ?? false, "\(path) has not the form 2026-01-15T09:30:12.123456+0000")
    }

    private static let momentForm = Array("0000-00-00T00:00:00.".utf8)

    private static func isMoment(_ text: [UInt8]) -> Bool {
        func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
        let head = momentForm.count
        guard text.count >= head + 6 else { return false }
        let (fraction, zone) = (text[head..<(text.count - 5)], text.suffix(5))
        return zip(text, momentForm).allSatisfy { isDigit($1) ? isDigit($0) : $0 == $1 } && fraction.allSatisfy(isDigit)
            && (zone.first == UInt8(ascii: "+") || zone.first == UInt8(ascii: "-"))
            && zone.dropFirst().allSatisfy(isDigit)
    }

    /// Version 1, colon, and the base64 of twenty bytes.
    private static func isCommunityID(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.count == 30 && text.hasPrefix("1:") && text.hasSuffix("=")
            && bytes[2..<29].allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/")
            }
    }

    private func spans(of value: StrictJSON, _ result: inout LineJudge) {
        guard let start = value["flow.start"]?.string.flatMap({ MomentText.timestamp($0) }),
            let end = value["flow.end"]?.string.flatMap({ MomentText.timestamp($0) })
        else { return }
        result.check("spans", start <= end, "flow.end lies before flow.start")
        if let age = value["flow.age"]?.whole {
            result.check(
                "spans", age == (end.nanoseconds - start.nanoseconds) / 1_000_000_000,
                "flow.age is not the whole seconds from start to end")
        }
    }

    private static let transports = ["TCP": IPProtocol.tcp, "UDP": IPProtocol.udp, "SCTP": IPProtocol.sctp]

    /// Of protocols with ports the identifier can be computed from the line, with the seed zero.
    private func communityID(of value: StrictJSON, _ result: inout LineJudge) {
        guard let text = value["community_id"]?.string else { return }
        result.check(
            "Community IDs", Self.isCommunityID(text), "community_id is none of version 1")
        guard let transport = value["proto"]?.string.flatMap({ Self.transports[$0] }),
            let source = value["src_ip"]?.string.flatMap({ IPAddress($0) }), let sourcePort = value["src_port"]?.whole,
            let target = value["dest_ip"]?.string.flatMap({ IPAddress($0) }),
            let targetPort = value["dest_port"]?.whole,
            let from = UInt16(exactly: sourcePort), let to = UInt16(exactly: targetPort)
        else { return }
        let computed = CommunityID.text(
            CommunityID().digest(
                transport: transport, source: source, sourcePort: from, destination: target, destinationPort: to))
        result.check(
            "Community IDs (seed 0)", text == computed,
            "community_id is \(text), and \(computed) by the addresses with seed 0")
    }
}
