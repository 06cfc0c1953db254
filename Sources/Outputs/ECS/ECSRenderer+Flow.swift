// ECS documents of flows.

import NetTypes

extension ECSRenderer {
    func render(
        closed flow: FlowRecord, reason: FlowEndReason, at time: Timestamp, isAlerted: Bool,
        into json: inout JSONWriter
    ) {
        let start = flow.start
        let end = max(start, flow.end)
        begin(at: time, into: &json)
        beginEvent(
            "event", "flow", type: "connection", secondType: reason == .activeTimeout ? nil : "end", into: &json)
        json.member("start", zulu: start)
        json.member("end", zulu: end)
        json.member("duration", end.nanoseconds &- start.nanoseconds)
        json.member("reason", reason.name)
        json.endObject()
        writeSides(of: flow, withCounters: true, into: &json)
        json.beginObject("leptonnet")
        json.member("flow_id", flow.details.flowID)
        json.member("state", EVERenderer.state(of: flow))
        json.member("alerted", isAlerted)
        if let roundTrip = flow.handshakeRoundTrip { json.member("rtt_us", roundTrip) }
        json.endObject()
        self.end(into: &json)
    }

    /// `source`, `destination`, `network` and `related` of a flow.
    func writeSides(of flow: FlowRecord, withCounters: Bool, into json: inout JSONWriter) {
        let hasPorts = EVERenderer.hasPorts(flow.key.transport)
        let (client, server) = (flow.client, flow.server)
        write(client.address, hasPorts ? client.port : nil, as: "source", into: &json)
        if withCounters { writeSide(flow.toServer, flow.details.clientMAC, into: &json) }
        json.endObject()
        write(server.address, hasPorts ? server.port : nil, as: "destination", into: &json)
        if withCounters { writeSide(flow.toClient, flow.details.serverMAC, into: &json) }
        json.endObject()
        beginNetwork(flow.key, from: client.address, to: server.address, into: &json)
        if flow.identity.application.isNamed { json.member("protocol", flow.identity.application.name) }
        json.member(communityID: json.digest(of: flow, communityID))
        if withCounters {
            json.member("bytes", flow.bytes)
            json.member("packets", flow.packets)
        }
        json.endObject()
        writeRelated([client.address, server.address], into: &json)
    }

    /// What one side has sent.
    private func writeSide(_ sent: DirectionStatistics, _ address: MACAddress, into json: inout JSONWriter) {
        json.member("bytes", sent.bytes)
        json.member("packets", sent.packets)
        if !address.isZero { json.member("mac", dashed: address) }
    }
}

extension JSONWriter {
    /// A hardware address in the form of RFC 7042: capitals with dashes.
    mutating func member(_ key: StaticString, dashed address: MACAddress) {
        let address = shown(address)
        write(key: key)
        buffer.append(UInt8(ascii: "\""))
        for index in 0..<6 {
            if index > 0 { buffer.append(UInt8(ascii: "-")) }
            for digit in [address[index] >> 4, address[index] & 15] {
                buffer.append(digit < 10 ? 48 + digit : 55 + digit)
            }
        }
        buffer.append(UInt8(ascii: "\""))
    }
}
