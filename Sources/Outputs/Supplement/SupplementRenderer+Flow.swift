// `flow` lines of leptonnet.json: all statistics of a flow.

import NetTypes

extension SupplementRenderer {
    func render(closed flow: FlowRecord, of event: StreamEvent, into json: inout JSONWriter) {
        let reason = event.endReason
        let details = flow.details
        begin("flow", at: event.time, into: &json)
        json.member("flow_id", details.flowID)
        json.member(communityID: json.digest(of: flow, communityID))
        json.member(nameOf: event)
        json.member("end_reason", reason.name)
        json.member("start_ns", flow.start.nanoseconds)
        json.member("end_ns", max(flow.start, flow.end).nanoseconds)
        json.member("continued", reason == .activeTimeout)
        json.member("continuation", flow.identity.status.contains(.continued))
        if flow.key.transport == IPProtocol.tcp {
            json.member("midstream", flow.identity.status.contains(.midstream))
            if details.serverRoundTrip > 0 { json.member("server_rtt_us", details.serverRoundTrip) }
            if details.clientRoundTrip > 0 { json.member("client_rtt_us", details.clientRoundTrip) }
        }
        write(
            Direction(
                statistics: flow.toServer, first: details.firstToServer, window: details.clientWindow,
                segmentSize: details.clientSegmentSize, trafficClass: details.clientTrafficClass,
                mac: details.clientMAC,
                isTCP: flow.key.transport == IPProtocol.tcp), as: "to_server", into: &json)
        write(
            Direction(
                statistics: flow.toClient, first: details.firstToClient, window: details.serverWindow,
                segmentSize: details.serverSegmentSize, trafficClass: details.serverTrafficClass,
                mac: details.serverMAC,
                isTCP: flow.key.transport == IPProtocol.tcp), as: "to_client", into: &json)
        writeFirstPackets(of: flow, into: &json)
        json.endLine()
    }

    /// What a flow record knows of one direction, from the sender's side.
    private struct Direction {
        let statistics: DirectionStatistics
        let first: Int64
        let window: UInt16
        let segmentSize: UInt16
        let trafficClass: UInt8
        let mac: MACAddress
        let isTCP: Bool
    }

    /// Writes a direction that has packets.
    private func write(_ direction: Direction, as key: StaticString, into json: inout JSONWriter) {
        let statistics = direction.statistics
        guard statistics.packets > 0 else { return }
        json.beginObject(key)
        json.member("packets", statistics.packets)
        json.member("bytes", statistics.bytes)
        json.member("payload_bytes", statistics.payloadBytes)
        let length = statistics.length
        json.beginObject("length")
        json.member("min", statistics.lengthMinimum)
        json.member("mean", thousandths: Self.thousandths(length.mean))
        json.member("max", statistics.lengthMaximum)
        json.member("sd", thousandths: Self.thousandths(length.deviation))
        json.endObject()
        if statistics.packets > 1 {
            let gaps = statistics.gaps(since: direction.first)
            json.beginObject("gap_ns")
            json.member("min", statistics.gapMinimum.nanoseconds)
            json.member("mean", Self.integer(gaps.mean))
            json.member("max", statistics.gapMaximum.nanoseconds)
            json.member("sd", Self.integer(gaps.deviation))
            json.endObject()
        }
        json.beginObject("ttl")
        json.member("min", statistics.timeToLiveMinimum)
        json.member("max", statistics.timeToLiveMaximum)
        json.endObject()
        json.member("dscp", direction.trafficClass >> 2)
        json.member("ecn", direction.trafficClass & 3)
        if direction.isTCP {
            json.member("window", direction.window)
            if direction.segmentSize > 0 { json.member("mss", direction.segmentSize) }
            json.member("retransmissions", statistics.retransmissions)
            json.member("out_of_order", statistics.outOfOrder)
        }
        if !direction.mac.isZero { json.member("mac", direction.mac) }
        json.endObject()
    }

    /// Lengths of the first packets, negative towards the client, and the gap before each.
    private func writeFirstPackets(of flow: FlowRecord, into json: inout JSONWriter) {
        let count = min(Int(flow.identity.firstPacketCount), FirstPackets.limit)
        json.beginArray("first_lengths")
        for index in 0..<count {
            let length = Int64(flow.firstPackets.lengths[index])
            json.element(flow.details.firstDirections >> UInt16(index) & 1 == 0 ? length : -length)
        }
        json.endArray()
        json.beginArray("first_gaps_ns")
        for index in 0..<count { json.element(PackedGap(bits: flow.firstPackets.gaps[index]).nanoseconds) }
        json.endArray()
    }

    private static func thousandths(_ value: Double) -> Int64 { integer(value * 1000) }

    /// The nearest integer; what no integer holds becomes the largest one.
    private static func integer(_ value: Double) -> Int64 {
        Int64(exactly: value.rounded()) ?? (value > 0 ? .max : 0)
    }
}
