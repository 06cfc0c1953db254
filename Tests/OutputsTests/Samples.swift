// Flows and events for the tests of this target, built in code.

import NetTypes
import Outputs
import TestSupport

/// A TCP flow of 22 packets with a handshake, MAC addresses and one retransmission.
func sampleFlow() -> FlowRecord {
    var flow = FlowRecord()
    let (key, clientIsFirst) = FlowKey.canonical(
        source: IPAddress("10.0.0.5")!, sourcePort: 40112, destination: IPAddress("10.0.0.9")!, destinationPort: 22,
        transport: IPProtocol.tcp)
    flow.identity.key = key
    flow.identity.key.outerVLAN = FlowKey.vlanPresent | 100
    flow.identity.status = clientIsFirst ? [.clientIsFirst, .answered] : [.answered]
    flow.identity.tcpState = .closed
    flow.identity.application = .ssh
    flow.toServer.flags = [.syn, .ack, .psh, .fin]
    flow.toClient.flags = [.syn, .ack, .psh, .fin]
    (flow.toServer.timeToLiveMinimum, flow.toServer.timeToLiveMaximum) = (64, 64)
    (flow.toClient.timeToLiveMinimum, flow.toClient.timeToLiveMaximum) = (57, 58)
    let start: Int64 = 1_768_469_402_000_001_500
    flow.details.firstToServer = start
    flow.details.firstToClient = start + 1_000_000
    flow.details.flowID = 1_278_934_423_412_345
    flow.details.serverRoundTrip = 1000
    flow.details.clientRoundTrip = 250
    flow.details.clientMACHigh = 0x0200
    flow.details.clientMACLow = 0x0000_0005
    flow.details.serverMACHigh = 0x0200
    flow.details.serverMACLow = 0x0000_00fe
    (flow.details.clientWindow, flow.details.serverWindow) = (64240, 65160)
    (flow.details.clientSegmentSize, flow.details.serverSegmentSize) = (1460, 1400)
    flow.details.clientTrafficClass = 0x48
    flow.details.serverTrafficClass = 0x4a
    flow.details.firstDirections = 0b1010
    flow.toServer.packets = 12
    flow.toServer.bytes = 1840
    flow.toServer.payloadBytes = 1000
    flow.toServer.lengthSquares = 300_000
    flow.toServer.lengthMinimum = 66
    flow.toServer.lengthMaximum = 310
    flow.toServer.gapSquares = 1.2e19
    flow.toServer.gapMinimum = PackedGap(nanoseconds: 500_000)
    flow.toServer.gapMaximum = PackedGap(nanoseconds: 2_000_000_000)
    flow.toServer.lastSeen = start + 10_099_999_000
    flow.toServer.retransmissions = 1
    flow.toClient.packets = 10
    flow.toClient.bytes = 2210
    flow.toClient.payloadBytes = 1500
    flow.toClient.lengthSquares = 600_000
    flow.toClient.lengthMinimum = 66
    flow.toClient.lengthMaximum = 450
    flow.toClient.gapSquares = 1.3e19
    flow.toClient.gapMinimum = PackedGap(nanoseconds: 700_000)
    flow.toClient.gapMaximum = PackedGap(nanoseconds: 2_100_000_000)
    flow.toClient.lastSeen = start + 10_000_000_000
    flow.identity.firstPacketCount = 4
    for (index, length) in [74, 74, 66, 107].enumerated() {
        flow.firstPackets.lengths[index] = UInt16(length)
        flow.firstPackets.gaps[index] = PackedGap(nanoseconds: Int64(index) * 250_000).bits
    }
    return flow
}

/// Appends events to a buffer and hands them out as the engine would.
func events(_ fill: (EventBuffer) -> Void) -> [StreamEvent] {
    let buffer = EventBuffer(wanted: .all)
    fill(buffer)
    return buffer.headers.enumerated().map { StreamEvent(header: $1, buffer: buffer, ordinal: UInt64($0)) }
}

/// The `closed` event of a flow.
func closed(_ flow: FlowRecord, _ reason: FlowEndReason = .idleTimeout) -> StreamEvent {
    events { $0.append(.closed, flow, at: flow.end, detail: reason.rawValue) }[0]
}

/// An alert about a flow.
func sampleAlert(
    _ flow: FlowRecord, _ signature: String = "LEPTON Test", category: String = "Potentially Bad Traffic",
    incident: UInt64 = 0x2f61
) -> Alert {
    Alert(
        time: flow.end, source: flow.client.address, target: flow.server.address, sourcePort: flow.client.port,
        targetPort: flow.server.port, transport: IPProtocol.tcp, flow: flow, signatureID: 9_100_001,
        signature: signature, category: category, severity: 2, technique: ("T1595.001", "Scanning_IP_Blocks"),
        tactic: ("TA0043", "Reconnaissance"), references: [], incident: incident, stage: .opened, alertCount: 1,
        risk: 80, score: 1.25, threshold: 1,
        contributions: [Alert.Contribution(feature: "peer.new", value: 3, expected: 1, score: 1.25)],
        counterfactuals: [])
}

/// The EVE line of an event, without its newline.
func eveLine(
    _ event: StreamEvent, _ options: EVEOptions = EVEOptions(), annotations: FlowAnnotations = FlowAnnotations()
) -> String {
    var json = JSONWriter()
    var reader = AnnotationReader(annotations)
    EVERenderer(options).render(event, at: 0, annotations: &reader, into: &json)
    return text(of: json)
}

/// What a writer holds, without the last newline.
func text(of json: borrowing JSONWriter) -> String {
    json.buffer.withBytes { String(decoding: $0.last == UInt8(ascii: "\n") ? $0.dropLast() : $0[...], as: UTF8.self) }
}

/// An `application` event with the fields that `fill` writes.
func application(
    _ application: ApplicationProtocol, of flow: FlowRecord = sampleFlow(), _ fill: (inout FieldWriter) -> Void
) -> StreamEvent {
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 8192, alignment: 1)
    defer { room.deallocate() }
    var writer = FieldWriter(room)
    fill(&writer)
    writer.finish()
    let fields = UnsafeRawBufferPointer(rebasing: room[..<writer.count])
    return events { $0.append(application, of: flow, fields: fields, at: flow.start) }[0]
}

extension FieldWriter {
    /// Appends text as it is.
    mutating func append(_ field: ApplicationField, _ text: String) {
        var text = text
        text.withUTF8 { append(field, UnsafeRawBufferPointer($0)) }
    }

    /// Appends raw bytes.
    mutating func append(_ field: ApplicationField, bytes: [UInt8]) {
        bytes.withUnsafeBytes { append(field, $0) }
    }
}
