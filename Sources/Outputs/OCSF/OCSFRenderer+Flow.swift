// OCSF Network Activity (4001).

import NetTypes

extension OCSFRenderer {
    func render(closed flow: FlowRecord, reason: FlowEndReason, at time: Timestamp, into json: inout JSONWriter) {
        let start = flow.start
        let end = max(start, flow.end)
        begin(4001, activity: Self.activity(of: flow, reason), severity: 1, at: time, into: &json)
        json.member("start_time", milliseconds: start)
        json.member("end_time", milliseconds: end)
        json.member("duration", end.milliseconds - start.milliseconds)
        let hasPorts = EVERenderer.hasPorts(flow.key.transport)
        let (client, server) = (flow.client, flow.server)
        write(client.address, hasPorts ? client.port : nil, flow.details.clientMAC, as: "src_endpoint", into: &json)
        write(server.address, hasPorts ? server.port : nil, flow.details.serverMAC, as: "dst_endpoint", into: &json)
        writeConnection(
            transport: flow.key.transport, flow: flow, from: client.address, to: server.address, into: &json)
        json.beginObject("traffic")
        json.member("bytes", flow.bytes)
        json.member("bytes_out", flow.toServer.bytes)
        json.member("bytes_in", flow.toClient.bytes)
        json.member("packets", flow.packets)
        json.member("packets_out", flow.toServer.packets)
        json.member("packets_in", flow.toClient.packets)
        json.endObject()
        if flow.identity.application.isNamed { json.member("app_name", flow.identity.application.name) }
        json.beginObject("unmapped")
        json.member("leptonnet.end_reason", reason.name)
        if let roundTrip = flow.handshakeRoundTrip { json.member("leptonnet.rtt_us", roundTrip) }
        json.endObject()
        json.endLine()
    }

    /// 2 closed, 3 reset, 4 failed (nobody answered), 6 traffic of a flow that goes on.
    private static func activity(of flow: FlowRecord, _ reason: FlowEndReason) -> Int {
        if reason == .activeTimeout { return 6 }
        if flow.identity.tcpState == .reset { return 3 }
        return flow.identity.status.contains(.answered) ? 2 : 4
    }
}
