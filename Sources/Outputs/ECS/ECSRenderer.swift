// From events to documents of the Elastic Common Schema.

import NetTypes

/// Renders events as JSON of ECS 9.5 (elastic/ecs), one document a line. What ECS has no field for stands under `leptonnet`.
///
/// `source` and `destination` are client and server of the flow, in alerts attacker and victim. Holds no mutable state.
struct ECSRenderer: Sendable {
    static let version: StaticString = "9.5.0"

    let types: EVEEventTypes
    let communityID: CommunityID
    private let home: HomeNetworks
    /// The `observer` object, already rendered.
    private let observer: [UInt8]

    init(_ options: EVEOptions) {
        types = options.types
        home = options.homeNetworks
        communityID = CommunityID(seed: options.communityIDSeed)
        var json = JSONWriter(capacity: 256)
        json.beginLine()
        json.beginObject("observer")
        json.member("vendor", ProductName.vendor)
        json.member("product", ProductName.product)
        json.member("version", ProductName.version)
        json.member("type", "ids")
        if let host = options.host { json.member("name", host) }
        if let interface = options.interface {
            json.beginObject("ingress")
            json.beginObject("interface")
            json.member("name", interface)
            json.endObject()
            json.endObject()
        }
        json.endObject()
        observer = json.buffer.withBytes { Array($0.dropFirst()) }
    }
}

extension ECSRenderer: MessageFormat {
    var sources: FlowEventKinds { types.sources }

    var hasStatisticsLines: Bool { types.contains(.stats) }

    func hasLine(_ event: StreamEvent) -> Bool { types.hasLine(event) }

    func render(
        record event: StreamEvent, at index: Int, annotations: inout AnnotationReader, into json: inout JSONWriter
    ) {
        guard hasLine(event) else { return }
        switch event.kind {
        case .closed:
            render(
                closed: event.flow, reason: event.endReason, at: event.time, isAlerted: annotations.isAlerted(index),
                into: &json)
        case .application: render(application: event, into: &json)
        case .fault: render(event.fault, at: event.time, into: &json)
        case .opened, .answered, .changed, .arp, .icmpError, .loss, .tick, .overload: return
        }
    }

    func render(_ snapshot: StatisticsSnapshot, into json: inout JSONWriter) {
        guard types.contains(.stats) else { return }
        begin(at: snapshot.time, into: &json)
        beginEvent("metric", "stats", type: "info", into: &json)
        json.endObject()
        json.beginObject("leptonnet")
        json.beginObject("stats")
        json.member("uptime", snapshot.uptime)
        json.member("packets", snapshot.decode.packets)
        json.member("bytes", snapshot.decode.bytes)
        json.member("invalid", snapshot.decode.invalid)
        json.member("flows", snapshot.table.opened)
        json.member("flows_active", max(0, snapshot.table.active))
        json.member("alerts", snapshot.alerts)
        if let capture = snapshot.capture {
            json.member("kernel_packets", capture.packets)
            json.member("kernel_drops", capture.drops)
        }
        json.endObject()
        json.endObject()
        end(into: &json)
    }

    private func render(_ message: FaultMessage, at time: Timestamp, into json: inout JSONWriter) {
        begin(at: time, into: &json)
        beginEvent("event", "anomaly", type: "info", into: &json)
        json.write(key: "reason")
        json.buffer.append("\"decoder.")
        json.buffer.append(message.fault.name)
        json.buffer.append(UInt8(ascii: "\""))
        json.endObject()
        if message.hasKey {
            let first = (message.key.firstAddress, message.key.firstPort)
            let second = (message.key.secondAddress, message.key.secondPort)
            let (source, destination) = message.sourceIsFirst ? (first, second) : (second, first)
            let hasPorts = EVERenderer.hasPorts(message.key.transport) && (first.1 | second.1) != 0
            write(source.0, hasPorts ? source.1 : nil, as: "source", into: &json)
            json.endObject()
            write(destination.0, hasPorts ? destination.1 : nil, as: "destination", into: &json)
            json.endObject()
            beginNetwork(message.key, from: source.0, to: destination.0, into: &json)
            json.endObject()
            writeRelated([source.0, destination.0], into: &json)
        }
        end(into: &json)
    }
}

// What several kinds of documents share.
extension ECSRenderer {
    func begin(at time: Timestamp, into json: inout JSONWriter) {
        json.beginLine()
        json.member("@timestamp", zulu: time)
        json.beginObject("ecs")
        json.member("version", Self.version)
        json.endObject()
        json.separate()
        observer.withUnsafeBytes { json.buffer.append($0) }
    }

    func end(into json: inout JSONWriter) {
        json.endLine()
    }

    /// Opens `event` with what every document says of itself. The caller closes it.
    func beginEvent(
        _ kind: StaticString, _ dataset: StaticString, type: StaticString, secondType: StaticString? = nil,
        isDetection: Bool = false, into json: inout JSONWriter
    ) {
        json.beginObject("event")
        json.member("kind", kind)
        json.beginArray("category")
        json.element(literal: "network")
        if isDetection { json.element(literal: "intrusion_detection") }
        json.endArray()
        json.beginArray("type")
        json.element(literal: type)
        if let secondType { json.element(literal: secondType) }
        json.endArray()
        json.member("action", dataset)
        json.member("module", ProductName.product)
        json.member("provider", ProductName.product)
        json.write(key: "dataset")
        json.buffer.append("\"leptonnet.")
        json.buffer.append(dataset)
        json.buffer.append(UInt8(ascii: "\""))
        if let id = json.eventID { json.member("id", id) }
    }

    /// Opens `source` or `destination`. The caller closes it.
    func write(_ address: IPAddress, _ port: UInt16?, as key: StaticString, into json: inout JSONWriter) {
        json.beginObject(key)
        json.member("address", address)
        json.member("ip", address)
        if let port { json.member("port", port) }
    }

    /// Opens `network`. The caller closes it.
    func beginNetwork(
        _ key: FlowKey, from source: IPAddress, to destination: IPAddress, into json: inout JSONWriter
    ) {
        json.beginObject("network")
        json.member("type", key.isIPv6 ? "ipv6" : "ipv4")
        if key.transport != 0 {
            json.write(key: "iana_number")
            json.buffer.append(UInt8(ascii: "\""))
            json.buffer.append(decimal: UInt64(key.transport))
            json.buffer.append(UInt8(ascii: "\""))
            json.member("transport", lowercase: IPProtocol.name(key.transport), orNumber: key.transport)
        }
        switch FlowDirection(from: source, to: destination, home) {
        case .inbound: json.member("direction", "inbound")
        case .outbound: json.member("direction", "outbound")
        case .lateral: json.member("direction", "internal")
        case .unknown: json.member("direction", "unknown")
        }
        guard key.outerVLAN & FlowKey.vlanPresent != 0 else { return }
        writeVLAN(key.outerVLAN, into: &json)
        guard key.innerVLAN & FlowKey.vlanPresent != 0 else { return }
        json.beginObject("inner")
        writeVLAN(key.innerVLAN, into: &json)
        json.endObject()
    }

    private func writeVLAN(_ identifier: UInt16, into json: inout JSONWriter) {
        json.beginObject("vlan")
        json.write(key: "id")
        json.buffer.append(UInt8(ascii: "\""))
        json.buffer.append(decimal: UInt64(identifier & 0xfff))
        json.buffer.append(UInt8(ascii: "\""))
        json.endObject()
    }

    func writeRelated(_ addresses: [IPAddress], into json: inout JSONWriter) {
        json.beginObject("related")
        json.beginArray("ip")
        for (index, address) in addresses.enumerated() where !addresses[..<index].contains(address) {
            json.element(address)
        }
        json.endArray()
        json.endObject()
    }
}

extension JSONWriter {
    /// A literal as an element of an array.
    mutating func element(literal value: StaticString) {
        separate()
        buffer.append(quoting: value)
    }

    /// A protocol's name in lower case, or its number.
    mutating func member(_ key: StaticString, lowercase name: StaticString?, orNumber number: UInt8) {
        write(key: key)
        buffer.append(UInt8(ascii: "\""))
        if let name {
            name.withUTF8Buffer { for byte in $0 { buffer.append((65...90).contains(byte) ? byte | 32 : byte) } }
        } else {
            buffer.append(decimal: UInt64(number))
        }
        buffer.append(UInt8(ascii: "\""))
    }
}
