// From events to lines of Suricata's EVE format.

import NetTypes

/// Renders events of the stream as EVE JSON, one line each (Suricata 7, `etc/schema.json` and the user guide's
/// `eve-json-format`).
///
/// Objects whose keys the schema closes hold Suricata's keys only; integers of leptonnet stand under
/// `metadata.flowints`, their names start with `leptonnet.`. Source and destination are client and server of the flow.
/// Lines depend on the events alone. Holds no mutable state of its own: workers may share one, each with its writer.
public struct EVERenderer: Sendable {
    let types: EVEEventTypes
    let communityID: CommunityID
    /// Members that every line repeats, already rendered.
    private let origin: [UInt8]

    public init(_ options: EVEOptions) {
        types = options.types
        communityID = CommunityID(seed: options.communityIDSeed)
        var json = JSONWriter(capacity: 256)
        json.beginLine()
        if let host = options.host { json.member("host", host) }
        if let interface = options.interface { json.member("in_iface", interface) }
        if let captureFile = options.captureFile { json.member("pcap_filename", captureFile) }
        origin = json.buffer.withBytes { Array($0.dropFirst()) }
    }

    /// Appends the line of an event, if it has one among the chosen types.
    ///
    /// - Parameters:
    ///   - event: any event of the stream.
    ///   - index: its place in the batch's order, which annotations refer to.
    ///   - annotations: what observers attached, read in ascending order of `index`.
    ///   - json: where the line goes.
    public func render(
        _ event: StreamEvent, at index: Int, annotations: inout AnnotationReader, into json: inout JSONWriter
    ) {
        if types.contains(.alert), annotations.hasAlerts(index) {
            let tunnel = event.tunnel
            annotations.forEachAlert(of: index) { alert in
                let isOfThisFlow = tunnel != nil && alert.flow?.details.flowID == event.flow.details.flowID
                render(alert, tunnel: isOfThisFlow ? tunnel : nil, into: &json)
            }
        }
        render(record: event, at: index, annotations: &annotations, into: &json)
    }

    /// Appends the line of an event itself, without the alerts that it raised.
    public func render(
        record event: StreamEvent, at index: Int, annotations: inout AnnotationReader, into json: inout JSONWriter
    ) {
        guard types.hasLine(event) else { return }
        switch event.kind {
        case .closed: render(closed: event.flow, of: event, at: index, annotations: &annotations, into: &json)
        case .application: render(event.application, of: event, into: &json)
        case .fault: render(event.fault, at: event.time, into: &json)
        case .opened, .answered, .changed, .arp, .icmpError, .loss, .tick, .overload:
            return
        }
    }

    private func render(_ application: ApplicationProtocol, of event: StreamEvent, into json: inout JSONWriter) {
        begin(application.name, at: event.time, flowID: event.flow.details.flowID, into: &json)
        writeEndpoints(of: event.flow, tunnel: event.tunnel, into: &json)
        json.member("app_proto", application.name)
        writeCommunityID(of: event.flow, into: &json)
        let truncated = event.withFields { reader in
            let fields = FieldIndex(reader)
            switch application {
            case .dns: render(dns: fields, into: &json)
            case .tls: render(tls: fields, into: &json)
            case .http: render(http: fields, into: &json)
            case .ssh: render(ssh: fields, into: &json)
            case .dhcp: render(dhcp: fields, into: &json)
            case .quic: render(quic: fields, into: &json)
            case .smb: render(smb: fields, into: &json)
            case .dcerpc: render(dcerpc: fields, into: &json)
            case .rdp: render(rdp: fields, into: &json)
            case .ftp: render(ftp: fields, into: &json)
            case .smtp: render(smtp: fields, into: &json)
            case .modbus: render(modbus: fields, into: &json)
            case .mqtt: render(mqtt: fields, into: &json)
            case .snmp: render(snmp: fields, into: &json)
            case .unknown, .failed, .s7: break
            }
            return fields.first(.truncated) != nil
        }
        if truncated || json.eventID != nil {
            json.beginObject("metadata")
            if truncated {
                json.beginObject("flowints")
                json.member("leptonnet.truncated", 1)
                json.endObject()
            }
            writeEventID(into: &json)
            json.endObject()
        }
        json.endLine()
    }
}

// What several event types share.
extension EVERenderer {
    /// Opens a line: time, flow, origin and type.
    func begin(_ type: StaticString, at time: Timestamp, flowID: UInt64?, into json: inout JSONWriter) {
        json.beginLine()
        json.member("timestamp", time)
        if let flowID { json.member("flow_id", flowID) }
        if !origin.isEmpty {
            json.separate()
            origin.withUnsafeBytes { json.buffer.append($0) }
        }
        json.member("event_type", type)
    }

    /// VLANs, addresses, ports or ICMP types, protocol and tunnel depth of a flow.
    func writeEndpoints(of flow: FlowRecord, tunnel: Tunnel?, into json: inout JSONWriter) {
        let key = flow.key
        let transport = key.transport
        let hasPorts = Self.hasPorts(transport)
        let client = flow.client
        let server = flow.server
        writeVLANs(of: key, into: &json)
        json.member("src_ip", client.address)
        if hasPorts { json.member("src_port", client.port) }
        json.member("dest_ip", server.address)
        if hasPorts { json.member("dest_port", server.port) }
        writeProtocol(of: key, into: &json)
        if key.tunnelDepth > 0 { write(tunnel, depth: key.tunnelDepth, into: &json) }
        if transport == IPProtocol.icmp || transport == IPProtocol.icmpv6 {
            json.member("icmp_type", flow.details.icmpType)
            json.member("icmp_code", flow.details.icmpCode)
            if flow.identity.status.contains(.answered) {
                json.member("response_icmp_type", flow.details.responseICMPType)
                json.member("response_icmp_code", flow.details.responseICMPCode)
            }
        }
    }

    func writeVLANs(of key: FlowKey, into json: inout JSONWriter) {
        guard (key.outerVLAN | key.innerVLAN) & FlowKey.vlanPresent != 0 else { return }
        json.beginArray("vlan")
        if key.outerVLAN & FlowKey.vlanPresent != 0 { json.element(Int64(key.outerVLAN & 0xfff)) }
        if key.innerVLAN & FlowKey.vlanPresent != 0 { json.element(Int64(key.innerVLAN & 0xfff)) }
        json.endArray()
    }

    func writeProtocol(of key: FlowKey, into json: inout JSONWriter) {
        json.member(protocol: key.transport)
        json.member("ip_v", key.isIPv6 ? 6 : 4)
    }

    /// The outermost packet around a flow's packets. What is not known of it is left out.
    @inline(never)
    private func write(_ tunnel: Tunnel?, depth: UInt8, into json: inout JSONWriter) {
        if let tunnel { json.member("pkt_src", tunnel.kind.packetSource) }
        json.beginObject("tunnel")
        if let tunnel {
            json.member("src_ip", tunnel.source)
            if tunnel.sourcePort != 0 { json.member("src_port", tunnel.sourcePort) }
            json.member("dest_ip", tunnel.destination)
            if tunnel.destinationPort != 0 { json.member("dest_port", tunnel.destinationPort) }
            json.member(protocol: tunnel.transport)
        }
        json.member("depth", depth)
        json.endObject()
    }

    func writeCommunityID(of flow: FlowRecord, into json: inout JSONWriter) {
        json.member(communityID: json.digest(of: flow, communityID))
    }

    /// The identifier of a line that says nothing else about a flow.
    func writeIdentity(into json: inout JSONWriter) {
        guard json.eventID != nil else { return }
        json.beginObject("metadata")
        writeEventID(into: &json)
        json.endObject()
    }

    /// The event's identifier where the schema has room for words: as the name of a flow bit.
    func writeEventID(into json: inout JSONWriter) {
        guard let id = json.eventID else { return }
        json.beginArray("flowbits")
        json.separate()
        json.buffer.append("\"leptonnet.event.")
        json.buffer.append(id)
        json.buffer.append(UInt8(ascii: "\""))
        json.endArray()
    }

    /// Whether a protocol's ports are known to the decoder.
    static func hasPorts(_ transport: UInt8) -> Bool {
        transport == IPProtocol.tcp || transport == IPProtocol.udp || transport == IPProtocol.sctp
    }
}

extension JSONWriter {
    /// A protocol by its name, or by its number where EVE has none.
    mutating func member(protocol number: UInt8) {
        if let name = IPProtocol.name(number) {
            member("proto", name)
        } else {
            write(key: "proto")
            buffer.append(UInt8(ascii: "\""))
            buffer.append(decimal: UInt64(number))
            buffer.append(UInt8(ascii: "\""))
        }
    }

    /// The Community ID of a line.
    mutating func member(communityID digest: InlineArray<20, UInt8>) {
        write(key: "community_id")
        buffer.append(UInt8(ascii: "\""))
        buffer.append(communityID: digest)
        buffer.append(UInt8(ascii: "\""))
    }
}
