// Turns an input into the packets of one flow and lets an application tracker read them.

import Decode
import NetTypes

/// One flow made from an input.
///
/// The first byte chooses the service (bits 0 and 1) and what is asked of the tracker (bits 2 and 3). Then packets follow:
/// a byte of direction and order (see `Order`), a length of two bytes, little-endian, and the payload. The last packet
/// takes what is left. scripts/fuzzing/make-seeds writes the same form.
public final class Dialogue {
    /// Bits 1 to 3 of a packet's first byte: how its bytes stand to those before. Zero and what is not here: in order.
    private enum Order: UInt8 {
        /// Half of the payload repeats what was sent before.
        case overlapping = 3
        /// A hundred bytes before it are missing.
        case afterGap
        /// The capture kept half of the payload only.
        case cut
        /// The packet carries SYN or RST beside its payload.
        case flagged
        /// The flow ends and another one takes its place, in which this is the first packet.
        case reopening
    }

    private static let client = IPAddress(v4: 0xc000_0201)
    private static let server = IPAddress(v4: 0xc633_6402)
    private static let clientPort: UInt16 = 40_000

    private let events = EventBuffer(wanted: .all)
    private let tracker: ApplicationTracker
    private let service: Service
    private var slot: UInt32 = 0
    private var application = ApplicationProtocol.unknown
    /// Next sequence number of client and server; the client's wraps soon.
    private var sequences: [UInt32] = [0xffff_ff80, 77]
    private var time = Timestamp(seconds: 1_700_000_000)

    /// Reads the whole input. Traps when the tracker keeps something of a closed flow, or when a record it published
    /// cannot be rendered to a sound line.
    ///
    /// - Parameter services: what the first byte chooses from.
    public static func run(_ input: FuzzInput, services: [Service]) {
        var input = input
        let choice = input.byte()
        let dialogue = Dialogue(services[Int(choice & 3) % services.count], wish: choice >> 2 & 3)
        while !input.isAtEnd { dialogue.send(&input) }
        dialogue.close()
        precondition(dialogue.tracker.followedFlows == 0, "a closed flow keeps its slot")
        LineCheck.check(dialogue.events)
    }

    private init(_ service: Service, wish: UInt8) {
        self.service = service
        let interests: ApplicationInterests =
            switch wish {
            case 0: .all
            case 1: [.dns, .tls, .http, .ssh, .dhcp]
            case 2: [.recognition, .payloadHeads]
            default: [.dns, .tls, .http, .ssh, .dhcp, .recognition]
            }
        // Room for a few segment buffers only: running out of them is part of the game.
        tracker = ApplicationTracker(memory: 1 << 17, interests: interests, events: events)
    }

    private func send(_ input: inout FuzzInput) {
        let control = input.byte()
        let payload = input.take(Int(input.integer(UInt16.self)))
        let order = Order(rawValue: control >> 1 & 7)
        if order == .reopening { close() }
        let captured = order == .cut ? payload.count / 2 : payload.count
        withLentBytes(UnsafeRawBufferPointer(rebasing: payload[..<captured])) { bytes in
            deliver(bytes, wireLength: payload.count, toServer: control & 1 == 0, order, highBits: control >> 4)
        }
    }

    private func deliver(
        _ bytes: UnsafeBufferPointer<UInt8>, wireLength: Int, toServer: Bool, _ order: Order?, highBits: UInt8
    ) {
        let side = toServer ? 0 : 1
        time = Timestamp(nanoseconds: time.nanoseconds + 10_000_000)
        var packet = PacketSummary(
            Frame(
                base: bytes.baseAddress!, capturedLength: UInt32(bytes.count), wireLength: UInt32(wireLength),
                time: time, linkType: .ethernet))
        let source = toServer ? (Self.client, Self.clientPort) : (Self.server, service.port)
        let destination = toServer ? (Self.server, service.port) : (Self.client, Self.clientPort)
        (packet.key, packet.sourceIsFirst) = FlowKey.canonical(
            source: source.0, sourcePort: source.1, destination: destination.0, destinationPort: destination.1,
            transport: service.transport)
        packet.kind = .flow
        packet.payloadLength = UInt32(wireLength)
        packet.payloadCaptured = UInt32(bytes.count)
        packet.tcpFlags = order == .flagged ? (highBits & 1 == 0 ? [.syn] : [.ack, .rst]) : [.ack]
        packet.sequence = sequences[side]
        switch order {
        case .overlapping: packet.sequence &-= UInt32(wireLength / 2)
        case .afterGap: packet.sequence &+= 100
        default: break
        }
        (slot, application) = tracker.consume(
            slot: slot, application: application, packet: packet, toServer: toServer, snapshot: record)
        let end = packet.sequence &+ UInt32(wireLength)
        if Int32(bitPattern: end &- sequences[side]) > 0 { sequences[side] = end }
    }

    private func close() {
        tracker.close(slot: slot, at: time, snapshot: record) { toServer, toClient in
            events.stage(.payloadToServer, toServer)
            events.stage(.payloadToClient, toClient)
        }
        events.append(.closed, record(), at: time)
        slot = 0
        application = .unknown
    }

    private func record() -> FlowRecord {
        var record = FlowRecord()
        let (key, clientIsFirst) = FlowKey.canonical(
            source: Self.client, sourcePort: Self.clientPort, destination: Self.server, destinationPort: service.port,
            transport: service.transport)
        record.identity.key = key
        record.identity.status = clientIsFirst ? [.clientIsFirst] : []
        record.identity.application = application
        record.toServer.packets = 1
        record.toServer.lastSeen = time.nanoseconds
        record.details.firstToServer = time.nanoseconds
        return record
    }
}
