// EVE `flow` events.

import NetTypes

extension EVERenderer {
    func render(
        closed flow: FlowRecord, of event: StreamEvent, at index: Int, annotations: inout AnnotationReader,
        into json: inout JSONWriter
    ) {
        let reason = event.endReason
        begin("flow", at: event.time, flowID: flow.details.flowID, into: &json)
        writeEndpoints(of: flow, tunnel: event.tunnel, into: &json)
        let application = flow.identity.application
        if application != .unknown { json.member("app_proto", application.name) }
        writeCommunityID(of: flow, into: &json)
        json.member(nameOf: event)
        if !flow.details.clientMAC.isZero || !flow.details.serverMAC.isZero {
            json.beginObject("ether")
            json.member("src_mac", flow.details.clientMAC)
            json.member("dest_mac", flow.details.serverMAC)
            json.endObject()
        }
        writeFlow(flow, reason, alerted: annotations.isAlerted(index), into: &json)
        if flow.key.transport == IPProtocol.tcp { writeTCP(flow, into: &json) }
        writeIntegers(flow, reason, index: index, annotations: &annotations, into: &json)
        json.endLine()
    }

    private func writeFlow(
        _ flow: FlowRecord, _ reason: FlowEndReason, alerted: Bool, into json: inout JSONWriter
    ) {
        let start = flow.start
        // Packets out of time order can leave the last one before the first.
        let end = max(start, flow.end)
        json.beginObject("flow")
        json.member("pkts_toserver", flow.toServer.packets)
        json.member("pkts_toclient", flow.toClient.packets)
        json.member("bytes_toserver", flow.toServer.bytes)
        json.member("bytes_toclient", flow.toClient.bytes)
        json.member("start", start)
        json.member("end", end)
        json.member("age", Self.age(from: start, to: end))
        json.member("state", Self.state(of: flow))
        json.member("reason", Self.name(of: reason))
        json.member("alerted", alerted)
        json.endObject()
    }

    /// Whole seconds between two moments as they are printed, that is, cut to microseconds.
    private static func age(from start: Timestamp, to end: Timestamp) -> Int64 {
        let microseconds = { (time: Timestamp) in time.seconds &* 1_000_000 &+ time.subsecond / 1000 }
        return (microseconds(end) &- microseconds(start)) / 1_000_000
    }

    /// Suricata's flow state: a TCP connection is new until its handshake is done and closed once both sides have
    /// finished; other flows are established when answered.
    static func state(of flow: FlowRecord) -> StaticString {
        switch flow.identity.tcpState {
        case .none: flow.identity.status.contains(.answered) ? "established" : "new"
        case .synSent, .synReceived: "new"
        case .established, .closing: "established"
        case .closed, .reset: "closed"
        }
    }

    /// Suricata's reason for the end of a flow. Evictions are its "forced"; `leptonnet.json` tells them apart.
    private static func name(of reason: FlowEndReason) -> StaticString {
        switch reason {
        case .idleTimeout, .activeTimeout: "timeout"
        case .reused: "tcp_reuse"
        case .evictedUnanswered, .evictedOldest, .evictedCollision: "forced"
        case .shutdown: "shutdown"
        }
    }

    private func writeTCP(_ flow: FlowRecord, into json: inout JSONWriter) {
        let toServer = flow.toServer.flags
        let toClient = flow.toClient.flags
        let flags = toServer.union(toClient)
        json.beginObject("tcp")
        json.member("tcp_flags", hexadecimal: flags.rawValue)
        json.member("tcp_flags_ts", hexadecimal: toServer.rawValue)
        json.member("tcp_flags_tc", hexadecimal: toClient.rawValue)
        if flags.contains(.syn) { json.member("syn", true) }
        if flags.contains(.fin) { json.member("fin", true) }
        if flags.contains(.rst) { json.member("rst", true) }
        if flags.contains(.psh) { json.member("psh", true) }
        if flags.contains(.ack) { json.member("ack", true) }
        if flags.contains(.urg) { json.member("urg", true) }
        if flags.contains(.ece) { json.member("ecn", true) }
        if flags.contains(.cwr) { json.member("cwr", true) }
        json.member("state", flow.identity.tcpState.name)
        if flow.identity.status.contains(.toServerGap) { json.member("ts_gap", true) }
        if flow.identity.status.contains(.toClientGap) { json.member("tc_gap", true) }
        json.endObject()
    }

    /// The integers of leptonnet. Counters that are zero and facts that do not hold are left out.
    private func writeIntegers(
        _ flow: FlowRecord, _ reason: FlowEndReason, index: Int, annotations: inout AnnotationReader,
        into json: inout JSONWriter
    ) {
        json.beginObject("metadata")
        json.beginObject("flowints")
        if let roundTrip = flow.handshakeRoundTrip { json.member("leptonnet.rtt_us", roundTrip) }
        json.member(nonzero: "leptonnet.retransmissions_ts", flow.toServer.retransmissions)
        json.member(nonzero: "leptonnet.retransmissions_tc", flow.toClient.retransmissions)
        json.member(nonzero: "leptonnet.out_of_order_ts", flow.toServer.outOfOrder)
        json.member(nonzero: "leptonnet.out_of_order_tc", flow.toClient.outOfOrder)
        json.member(first: "leptonnet.first_1", 0, of: flow)
        json.member(first: "leptonnet.first_2", 1, of: flow)
        json.member(first: "leptonnet.first_3", 2, of: flow)
        json.member(first: "leptonnet.first_4", 3, of: flow)
        if reason == .activeTimeout { json.member("leptonnet.continued", 1) }
        if flow.identity.status.contains(.continued) { json.member("leptonnet.continuation", 1) }
        annotations.forEach(of: index) { json.member($0, $1) }
        json.endObject()
        writeEventID(into: &json)
        json.endObject()
    }
}

extension JSONWriter {
    /// A byte as a string of two hexadecimal digits.
    @inline(__always)
    mutating func member(_ key: StaticString, hexadecimal byte: UInt8) {
        write(key: key)
        buffer.append(UInt8(ascii: "\""))
        buffer.append(hexadecimal: byte)
        buffer.append(UInt8(ascii: "\""))
    }

    /// A counter, unless it is zero.
    @inline(__always)
    mutating func member(nonzero key: StaticString, _ value: UInt16) {
        if value != 0 { member(key, value) }
    }

    /// Length of a flow's packet at `index`, negative towards the client; nothing when there is no such packet.
    @inline(__always)
    mutating func member(first key: StaticString, _ index: Int, of flow: FlowRecord) {
        guard index < flow.identity.firstPacketCount else { return }
        let length = Int64(flow.firstPackets.lengths[index])
        member(key, flow.details.firstDirections >> UInt16(index) & 1 == 0 ? length : -length)
    }
}
