// Drives an application tracker with packets made in code.

import Decode
import NetTypes

/// One flow and the tracker that follows it.
final class Conversation {
    let tracker: ApplicationTracker
    let events = EventBuffer(wanted: .all)
    private(set) var slot: UInt32 = 0
    private(set) var application = ApplicationProtocol.unknown
    private let transport: UInt8
    private let serverPort: UInt16
    private var sequences: [UInt32] = [0xffff_ff00, 77]

    init(
        tcp serverPort: UInt16, interests: ApplicationInterests = .all, memory: Int = 1 << 20,
        tracker: ApplicationTracker? = nil
    ) {
        self.serverPort = serverPort
        transport = IPProtocol.tcp
        self.tracker = tracker ?? ApplicationTracker(memory: memory, interests: interests, events: events)
    }

    init(udp serverPort: UInt16, interests: ApplicationInterests = .all, memory: Int = 1 << 20) {
        self.serverPort = serverPort
        transport = IPProtocol.udp
        tracker = ApplicationTracker(memory: memory, interests: interests, events: events)
    }

    /// Sends a payload; the client's comes first in time.
    ///
    /// - Parameters:
    ///   - captured: how many bytes the capture kept; all by default.
    ///   - back: how many bytes before the next one the segment begins (a retransmission); negative for a gap.
    func send(_ payload: [UInt8], toServer: Bool, captured: Int? = nil, back: Int = 0, flags: TCPFlags = [.ack]) {
        let side = toServer ? 0 : 1
        let client = (IPAddress(v4: 0x0a00_0001), UInt16(40_000))
        let server = (IPAddress(v4: 0x0a00_0002), serverPort)
        let (source, destination) = toServer ? (client, server) : (server, client)
        let kept = Array(payload.prefix(captured ?? payload.count))
        kept.withUnsafeBufferPointer { bytes in
            let empty: [UInt8] = [0]
            empty.withUnsafeBufferPointer { none in
                var packet = PacketSummary(
                    Frame(
                        base: (bytes.baseAddress ?? none.baseAddress)!, capturedLength: UInt32(kept.count),
                        wireLength: UInt32(payload.count), time: Timestamp(seconds: 1), linkType: .ethernet))
                (packet.key, packet.sourceIsFirst) = FlowKey.canonical(
                    source: source.0, sourcePort: source.1, destination: destination.0,
                    destinationPort: destination.1, transport: transport)
                packet.kind = .flow
                packet.tcpFlags = flags
                packet.payloadLength = UInt32(payload.count)
                packet.payloadCaptured = UInt32(kept.count)
                packet.sequence = sequences[side] &- UInt32(truncatingIfNeeded: back)
                (slot, application) = tracker.consume(
                    slot: slot, application: application, packet: packet, toServer: toServer
                ) { FlowRecord() }
                let end = packet.sequence &+ UInt32(payload.count)
                if Int32(bitPattern: end &- sequences[side]) > 0 { sequences[side] = end }
            }
        }
    }

    /// Sends a text.
    func send(_ text: String, toServer: Bool, captured: Int? = nil, back: Int = 0) {
        send(Array(text.utf8), toServer: toServer, captured: captured, back: back)
    }

    /// Sends bytes in pieces cut at the given places.
    func send(_ payload: [UInt8], toServer: Bool, cuts: [Int]) {
        var start = 0
        for cut in cuts + [payload.count] {
            send(Array(payload[start..<cut]), toServer: toServer)
            start = cut
        }
    }

    func close() {
        tracker.close(slot: slot, at: Timestamp(seconds: 2)) { FlowRecord() }
        slot = 0
    }

    /// The records so far: each as its protocol and its fields in order.
    var records: [Record] {
        events.headers.filter { $0.kind == .application }.map { header in
            let event = StreamEvent(header: header, buffer: events, ordinal: 0)
            return event.withFields { reader in
                Record(application: event.application, fields: reader.map { ($0.name, Array($0.value)) })
            }
        }
    }
}

/// A record, copied out of the event buffer.
struct Record: Equatable {
    let application: ApplicationProtocol
    let fields: [(name: ApplicationField, value: [UInt8])]

    static func == (left: Record, right: Record) -> Bool {
        left.application == right.application && left.fields.count == right.fields.count
            && zip(left.fields, right.fields).allSatisfy { $0.name == $1.name && $0.value == $1.value }
    }

    /// The values of all fields with a name, as text.
    func texts(_ name: ApplicationField) -> [String] {
        fields.filter { $0.name == name }.map { String(decoding: $0.value, as: UTF8.self) }
    }

    func text(_ name: ApplicationField) -> String? { texts(name).first }

    func integers(_ name: ApplicationField) -> [Int] {
        fields.filter { $0.name == name }.map { $0.value.reduce(0) { $0 << 8 | Int($1) } }
    }

    func integer(_ name: ApplicationField) -> Int? { integers(name).first }

    var isTruncated: Bool { fields.contains { $0.name == .truncated } }
}
