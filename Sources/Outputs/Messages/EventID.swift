// The name of an event, by which receivers notice that they got it twice.

import Digest
import NetTypes

/// 128 bits made of what happened, and not of how it is written: the same in every format, in every run over the same
/// packets, and for no two different events (SHA-256, cut). Addresses and names do not enter it, so it gives none away.
public struct EventID: Hashable, Sendable {
    public var high: UInt64
    public var low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

/// Makes the identifiers of one sensor's events, in their order. Events that differ in nothing that enters, as two
/// messages in one packet may, are numbered.
struct EventIDMaker: Sendable {
    /// Tells sensors apart that see the same packets.
    private let sensor: UInt64
    private var last = EventID(high: 0, low: 0)
    private var repetitions: UInt64 = 0

    init(sensor: String?) {
        var name = sensor ?? ""
        let digest = name.withUTF8 { SHA256.digest(of: UnsafeRawBufferPointer($0)) }
        self.sensor = Self.word(digest, 0)
    }

    mutating func id(of alert: Alert) -> EventID {
        id(
            1, alert.time, alert.flow?.details.flowID ?? 0, alert.incident, UInt64(alert.alertCount),
            UInt64(alert.signatureID))
    }

    mutating func id(of incident: IncidentRecord) -> EventID {
        id(
            4, incident.time, incident.id, UInt64(incident.state.rawValue), UInt64(incident.alerts),
            UInt64(incident.findings))
    }

    mutating func id(of event: StreamEvent) -> EventID {
        let kind = UInt64(event.kind.rawValue) << 8 | UInt64(event.header.detail) | 2 << 16
        switch event.kind {
        case .opened, .answered, .changed, .closed:
            let flow = event.flow
            return id(
                kind, event.time, flow.details.flowID, UInt64(bitPattern: flow.start.nanoseconds), flow.packets,
                flow.bytes)
        case .application:
            let flow = event.flow
            return id(
                kind, event.time, flow.details.flowID, flow.packets, flow.bytes, UInt64(event.header.fieldCount))
        case .fault: return id(kind, event.time, UInt64(event.fault.fault.rawValue), 0, 0, 0)
        case .arp, .icmpError, .loss, .tick, .overload: return id(kind, event.time, 0, 0, 0, 0)
        }
    }

    mutating func id(of snapshot: StatisticsSnapshot) -> EventID {
        id(3, snapshot.time, UInt64(bitPattern: snapshot.uptime), snapshot.decode.packets, snapshot.decode.bytes, 0)
    }

    private mutating func id(
        _ kind: UInt64, _ time: Timestamp, _ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64
    ) -> EventID {
        let words: InlineArray<7, UInt64> = [
            sensor, kind, UInt64(bitPattern: time.nanoseconds), first, second, third, fourth,
        ]
        let digest = words.span.withUnsafeBytes { SHA256.digest(of: $0) }
        let base = EventID(high: Self.word(digest, 0), low: Self.word(digest, 8))
        repetitions = base == last ? repetitions + 1 : 0
        last = base
        return EventID(high: base.high, low: base.low &+ repetitions)
    }

    private static func word(_ digest: InlineArray<32, UInt8>, _ start: Int) -> UInt64 {
        (start..<(start + 8)).reduce(0) { $0 << 8 | UInt64(digest[$1]) }
    }
}

extension LineBuffer {
    /// Appends an identifier: 32 hexadecimal digits.
    mutating func append(_ id: EventID) {
        append(hexadecimal: id.high)
        append(hexadecimal: id.low)
    }
}

extension JSONWriter {
    mutating func member(_ key: StaticString, _ id: EventID) {
        write(key: key)
        buffer.append(UInt8(ascii: "\""))
        buffer.append(id)
        buffer.append(UInt8(ascii: "\""))
    }
}
