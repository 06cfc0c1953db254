// From events to the Common Event Format.

import NetTypes

/// Renders alerts and flows as lines of CEF 0 (ArcSight Common Event Format, version 25). Other events have no line.
///
/// `in` and `out` are bytes from the view of the source: `out` went from source to destination. IPv6 addresses stand in the
/// custom fields that CEF keeps for them.
struct CEFRenderer: Sendable {
    let types: EVEEventTypes
    private let communityID: CommunityID
    private let home: HomeNetworks
    private let sensor: String?
    private let interface: String?

    init(_ options: EVEOptions) {
        types = options.types
        home = options.homeNetworks
        communityID = CommunityID(seed: options.communityIDSeed)
        sensor = options.host
        interface = options.interface
    }
}

extension CEFRenderer: MessageFormat {
    var sources: FlowEventKinds { types.contains(.flow) ? .closed : [] }

    func hasLine(_ event: StreamEvent) -> Bool { event.kind == .closed && types.contains(.flow) }

    func render(
        record event: StreamEvent, at index: Int, annotations: inout AnnotationReader, into json: inout JSONWriter
    ) {
        guard hasLine(event) else { return }
        render(closed: event.flow, reason: event.endReason, at: event.time, into: &json)
    }

    func render(_ snapshot: StatisticsSnapshot, into json: inout JSONWriter) {}

    func render(_ alert: Alert, tunnel: Tunnel?, into json: inout JSONWriter) {
        begin("\(alert.signatureID)", alert.signature, alert.level.cefSeverity, at: alert.time, into: &json)
        json.extensionField("cat", alert.category)
        json.extensionField("act", literal: "allowed")
        let hasPorts = EVERenderer.hasPorts(alert.transport)
        writeParties(
            (alert.source, hasPorts ? alert.sourcePort : nil), (alert.target, hasPorts ? alert.targetPort : nil),
            alert.transport, into: &json)
        if let flow = alert.flow { writeCommunityID(of: flow, into: &json) }
        json.customField("cs2", "incidentId") { $0.append(incident: alert.incident) }
        json.customField("cs3", "mitreTechnique") { $0.append(cefValue: alert.technique.id) }
        json.customField("cs4", "mitreTactic") { $0.append(cefValue: alert.tactic.id) }
        json.extensionField("cnt", Int64(alert.alertCount))
        json.customField("cn1", "risk") { $0.append(decimal: Int64(alert.risk)) }
        json.customField("cfp1", "score") { $0.append(millionths: EVERenderer.millionths(alert.score)) }
        if let part = alert.contributions.first, !json.isTerse {
            json.customField("cs5", "mainFeature") { $0.append(part.feature.text) }
            json.customField("cfp2", "mainFeatureValue") { $0.append(millionths: EVERenderer.millionths(part.value)) }
        }
        json.buffer.endLine()
    }

    private func render(closed flow: FlowRecord, reason: FlowEndReason, at time: Timestamp, into json: inout JSONWriter)
    {
        begin("flow", "Flow", 1, at: time, into: &json)
        let start = flow.start
        json.extensionField("start", start.milliseconds)
        json.extensionField("end", max(start, flow.end).milliseconds)
        let hasPorts = EVERenderer.hasPorts(flow.key.transport)
        let (client, server) = (flow.client, flow.server)
        writeParties(
            (client.address, hasPorts ? client.port : nil), (server.address, hasPorts ? server.port : nil),
            flow.key.transport, into: &json)
        if !flow.details.clientMAC.isZero { json.extensionField("smac", flow.details.clientMAC) }
        if !flow.details.serverMAC.isZero { json.extensionField("dmac", flow.details.serverMAC) }
        if flow.identity.application.isNamed { json.extensionField("app", literal: flow.identity.application.name) }
        json.extensionField("out", Int64(clamping: flow.toServer.bytes))
        json.extensionField("in", Int64(clamping: flow.toClient.bytes))
        json.customField("cn1", "packetsOut") { $0.append(decimal: UInt64(flow.toServer.packets)) }
        json.customField("cn2", "packetsIn") { $0.append(decimal: UInt64(flow.toClient.packets)) }
        json.extensionField("reason", literal: reason.name)
        writeCommunityID(of: flow, into: &json)
        json.buffer.endLine()
    }

    private func begin(
        _ signature: String, _ name: String, _ severity: Int, at time: Timestamp, into json: inout JSONWriter
    ) {
        json.buffer.append("CEF:0|")
        json.buffer.append(ProductName.vendor)
        json.buffer.append(UInt8(ascii: "|"))
        json.buffer.append(ProductName.product)
        json.buffer.append(UInt8(ascii: "|"))
        json.buffer.append(ProductName.version)
        json.buffer.append(UInt8(ascii: "|"))
        json.append(cefHeader: signature)
        json.buffer.append(UInt8(ascii: "|"))
        json.append(cefHeader: name)
        json.buffer.append(UInt8(ascii: "|"))
        json.buffer.append(decimal: Int64(severity))
        json.buffer.append(UInt8(ascii: "|"))
        json.extensionField("rt", time.milliseconds)
        if let id = json.eventID {
            json.beginField("externalId")
            json.buffer.append(id)
        }
        if let sensor { json.extensionField("dvchost", sensor) }
        if let interface { json.extensionField("deviceInboundInterface", interface) }
    }

    private func writeParties(
        _ source: (address: IPAddress, port: UInt16?), _ destination: (address: IPAddress, port: UInt16?),
        _ transport: UInt8, into json: inout JSONWriter
    ) {
        if source.address.isIPv6 {
            let shown = (json.shown(source.address), json.shown(destination.address))
            json.customField("c6a2", "Source IPv6 Address") { $0.append(shown.0) }
            json.customField("c6a3", "Destination IPv6 Address") { $0.append(shown.1) }
        } else {
            json.extensionField("src", source.address)
            json.extensionField("dst", destination.address)
        }
        if let port = source.port { json.extensionField("spt", Int64(port)) }
        if let port = destination.port { json.extensionField("dpt", Int64(port)) }
        if let name = IPProtocol.name(transport) { json.extensionField("proto", literal: name) }
        switch FlowDirection(from: source.address, to: destination.address, home) {
        case .inbound: json.extensionField("deviceDirection", 0)
        case .outbound: json.extensionField("deviceDirection", 1)
        case .lateral, .unknown: break
        }
    }

    private func writeCommunityID(of flow: FlowRecord, into json: inout JSONWriter) {
        let digest = json.digest(of: flow, communityID)
        // The text of a digest may end in equals signs.
        json.customField("cs1", "communityId") { $0.append(cefValue: CommunityID.text(digest)) }
    }
}
