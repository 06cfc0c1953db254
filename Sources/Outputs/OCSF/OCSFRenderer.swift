// From events to the Open Cybersecurity Schema Framework.

import NetTypes

/// Renders alerts as Detection Finding (2004) and flows as Network Activity (4001) of OCSF 1.8 (ocsf/ocsf-schema), one
/// object a line. Other events have no line. What the classes have no attribute for stands under `unmapped`.
struct OCSFRenderer: Sendable {
    static let version: StaticString = "1.8.0"

    let types: EVEEventTypes
    let communityID: CommunityID
    private let home: HomeNetworks
    private let sensor: String?

    init(_ options: EVEOptions) {
        types = options.types
        home = options.homeNetworks
        communityID = CommunityID(seed: options.communityIDSeed)
        sensor = options.host
    }
}

extension OCSFRenderer: MessageFormat {
    var sources: FlowEventKinds { types.contains(.flow) ? .closed : [] }

    func hasLine(_ event: StreamEvent) -> Bool { event.kind == .closed && types.contains(.flow) }

    func render(
        record event: StreamEvent, at index: Int, annotations: inout AnnotationReader, into json: inout JSONWriter
    ) {
        guard hasLine(event) else { return }
        render(closed: event.flow, reason: event.endReason, at: event.time, into: &json)
    }

    func render(_ snapshot: StatisticsSnapshot, into json: inout JSONWriter) {}

    /// What every class has.
    func begin(
        _ classID: Int, activity: Int, severity: Int, at time: Timestamp, into json: inout JSONWriter
    ) {
        json.beginLine()
        json.member("time", milliseconds: time)
        json.member("category_uid", classID / 1000)
        json.member("class_uid", classID)
        json.member("activity_id", activity)
        json.member("type_uid", classID * 100 + activity)
        json.member("severity_id", severity)
        json.beginObject("metadata")
        json.member("version", Self.version)
        json.beginObject("product")
        json.member("name", ProductName.product)
        json.member("vendor_name", ProductName.vendor)
        json.member("version", ProductName.version)
        json.endObject()
        if let id = json.eventID { json.member("uid", id) }
        if let sensor { json.member("log_provider", sensor) }
        json.endObject()
    }

    func write(
        _ address: IPAddress, _ port: UInt16?, _ hardware: MACAddress?, as key: StaticString,
        into json: inout JSONWriter
    ) {
        json.beginObject(key)
        json.member("ip", address)
        if let port { json.member("port", port) }
        if let hardware, !hardware.isZero { json.member("mac", hardware) }
        json.endObject()
    }

    func writeConnection(
        transport: UInt8, flow: FlowRecord?, from source: IPAddress, to destination: IPAddress,
        into json: inout JSONWriter
    ) {
        json.beginObject("connection_info")
        let direction =
            switch FlowDirection(from: source, to: destination, home) {
            case .unknown: 0
            case .inbound: 1
            case .outbound: 2
            case .lateral: 3
            }
        json.member("direction_id", direction)
        if transport != 0 {
            json.member("protocol_num", transport)
            json.member("protocol_name", lowercase: IPProtocol.name(transport), orNumber: transport)
        }
        json.member("protocol_ver_id", source.isIPv6 ? 6 : 4)
        if let flow {
            json.member("uid", "\(flow.details.flowID)")
            json.write(key: "community_uid")
            json.buffer.append(UInt8(ascii: "\""))
            json.buffer.append(communityID: json.digest(of: flow, communityID))
            json.buffer.append(UInt8(ascii: "\""))
        }
        json.endObject()
    }
}
