// What EVE has no room for: the lines of leptonnet.json.

import NetTypes

/// Renders events as lines of `leptonnet.json`, the log beside the EVE log (keys: `docs/reference/leptonnet-json.md`).
///
/// `flow` lines join with EVE's by `flow_id` and `community_id`; `arp`, `icmp_error`, `loss` and `overload` exist here only, and
/// `stats` carries the counters that Suricata has no name for. Lines depend on the events alone. Holds no mutable
/// state: workers may share one, each with its writer.
public struct SupplementRenderer: Sendable {
    private let kinds: FlowEventKinds
    let communityID: CommunityID

    /// The kinds of events that have a line here.
    public static let sources: FlowEventKinds = [.closed, .application, .arp, .icmpError, .loss, .overload]

    /// - Parameters:
    ///   - kinds: which of `sources` are written.
    ///   - communityIDSeed: the same as in the EVE log.
    public init(kinds: FlowEventKinds = SupplementRenderer.sources, communityIDSeed: UInt16 = 0) {
        self.kinds = kinds
        communityID = CommunityID(seed: communityIDSeed)
    }

    /// Whether an event has a line among the chosen kinds. Of application records those of S7 and RDP have one.
    func hasLine(_ event: StreamEvent) -> Bool {
        guard kinds.contains(FlowEventKinds(event.kind)) else { return false }
        switch event.kind {
        case .closed, .arp, .icmpError, .loss, .overload: return true
        case .application: return event.application == .rdp || event.application == .s7
        case .opened, .answered, .changed, .fault, .tick: return false
        }
    }

    /// Appends the line of an event, if it has one.
    public func render(_ event: StreamEvent, into json: inout JSONWriter) {
        guard hasLine(event) else { return }
        switch event.kind {
        case .closed: render(closed: event.flow, of: event, into: &json)
        case .arp: render(event.arp, at: event.time, into: &json)
        case .icmpError: render(event.icmpError, at: event.time, into: &json)
        case .loss:
            begin("loss", at: event.time, into: &json)
            json.member("lost", event.lost)
            json.endLine()
        case .overload:
            begin("overload", at: event.time, into: &json)
            json.member("shed", event.overload.name)
            json.endLine()
        case .application: render(application: event, into: &json)
        case .opened, .answered, .changed, .fault, .tick: return
        }
    }

    /// Appends the counters that an EVE `stats` event has no room for.
    public func render(_ snapshot: StatisticsSnapshot, into json: inout JSONWriter) {
        begin("stats", at: snapshot.time, into: &json)
        json.member("uptime", snapshot.uptime)
        json.member("cut_frames", snapshot.decode.cut)
        json.beginObject("faults")
        for fault in EVERenderer.ownFaults {
            json.write(key: fault.name)
            json.buffer.append(decimal: snapshot.decode[fault])
        }
        json.endObject()
        json.beginObject("flows_ended")
        for reason in FlowEndReason.allCases {
            json.write(key: reason.name)
            json.buffer.append(decimal: snapshot.table[reason])
        }
        json.endObject()
        json.member("application_shed", snapshot.table.applicationShed)
        if snapshot.table.namesShed > 0 { json.member("names_shed", snapshot.table.namesShed) }
        json.member("tunnels_shed", snapshot.table.tunnelsShed)
        json.member("gtp", snapshot.decode.tunnels.gtp)
        if snapshot.capture != nil {
            json.member("overload_unparsed", snapshot.table.overloadUnparsed)
            json.member("overload_unopened", snapshot.table.overloadUnopened)
        }
        if !snapshot.outputs.isEmpty {
            json.beginArray("outputs")
            for output in snapshot.outputs {
                json.beginObject()
                output.write(to: &json)
                json.endObject()
            }
            json.endArray()
        }
        json.endLine()
    }

    func begin(_ type: StaticString, at time: Timestamp, into json: inout JSONWriter) {
        json.beginLine()
        json.member("timestamp", time)
        json.member("event_type", type)
        if let id = json.eventID { json.member("event_id", id) }
    }

    private func render(_ message: ARPMessage, at time: Timestamp, into json: inout JSONWriter) {
        begin("arp", at: time, into: &json)
        switch message.operation {
        case 1: json.member("operation", "request")
        case 2: json.member("operation", "reply")
        default: json.member("operation_number", message.operation)
        }
        json.member("sender_mac", message.senderMAC)
        json.member("sender_ip", message.senderIP)
        json.member("target_mac", message.targetMAC)
        json.member("target_ip", message.targetIP)
        json.member("frame_src_mac", message.frameSource)
        json.member("frame_dest_mac", message.frameDestination)
        json.endLine()
    }

    private func render(_ message: ICMPErrorMessage, at time: Timestamp, into json: inout JSONWriter) {
        begin("icmp_error", at: time, into: &json)
        json.member("icmp_type", message.type)
        json.member("icmp_code", message.code)
        json.member("sender_ip", message.sender)
        // The packet that could not be delivered, as quoted in the error.
        json.beginObject("about")
        json.member("src_ip", message.source)
        json.member("dest_ip", message.destination)
        if EVERenderer.hasPorts(message.transport) {
            json.member("src_port", message.sourcePort)
            json.member("dest_port", message.destinationPort)
        }
        if let name = IPProtocol.name(message.transport) { json.member("proto", name) }
        json.member("proto_number", message.transport)
        json.endObject()
        json.endLine()
    }
}
