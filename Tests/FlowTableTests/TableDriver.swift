// Drives a flow table the way the pipeline does, with packets made of a few facts.

import FlowTable
import NetTypes

/// One packet, as far as the table cares.
struct TestPacket {
    var source = "10.0.0.1"
    var sourcePort: UInt16 = 40000
    var destination = "10.0.0.2"
    var destinationPort: UInt16 = 80
    var transport = IPProtocol.tcp
    var flags: TCPFlags = []
    var sequence: UInt32 = 0
    var length: UInt32 = 60
    var payload: UInt32 = 0
    /// Milliseconds after the start.
    var time = 0

    var reply: TestPacket {
        var packet = self
        swap(&packet.source, &packet.destination)
        swap(&packet.sourcePort, &packet.destinationPort)
        return packet
    }
}

/// A table with all shards in one hand, and what it published.
final class TableDriver {
    let table: FlowTable
    let events = EventBuffer(wanted: .all)
    let hasher = FlowHasher.replay
    private(set) var published: [(kind: FlowEventKind, flow: FlowRecord, detail: UInt8, delta: FlowDelta?)] = []
    private var second: Int64 = 0
    private static let start = Timestamp(seconds: 1_700_000_000)
    private let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)

    /// Timeouts that the tests count with, whatever the defaults are.
    static let timeouts: FlowTimeouts = {
        var timeouts = FlowTimeouts()
        timeouts.tcpOpening = 30
        timeouts.tcpEstablished = 300
        timeouts.tcpClosing = 60
        timeouts.tcpClosed = 5
        timeouts.udpUnanswered = 30
        timeouts.udpAnswered = 120
        timeouts.otherUnanswered = 30
        timeouts.otherAnswered = 60
        timeouts.active = 300
        return timeouts
    }()

    init(memory: Int = 8 << 20, timeouts: FlowTimeouts = TableDriver.timeouts) {
        var configuration = TableConfiguration()
        configuration.memory = memory
        configuration.timeouts = timeouts
        table = FlowTable(configuration: configuration, hasher: hasher)
        for shard in table.shards { precondition(shard.claim(1)) }
        tick(0)
    }

    deinit {
        bytes.deallocate()
    }

    static func time(_ milliseconds: Int) -> Timestamp {
        Timestamp(nanoseconds: start.nanoseconds + Int64(milliseconds) * 1_000_000)
    }

    func summary(_ packet: TestPacket) -> PacketSummary {
        let frame = Frame(
            base: UnsafePointer(bytes), capturedLength: 0, wireLength: packet.length, time: Self.time(packet.time),
            linkType: .ethernet)
        var summary = PacketSummary(frame)
        let (key, sourceIsFirst) = FlowKey.canonical(
            source: IPAddress(packet.source)!, sourcePort: packet.sourcePort,
            destination: IPAddress(packet.destination)!, destinationPort: packet.destinationPort,
            transport: packet.transport)
        summary.key = key
        summary.sourceIsFirst = sourceIsFirst
        summary.kind = .flow
        summary.hash = hasher.hash(key)
        summary.tcpFlags = packet.flags
        summary.sequence = packet.sequence
        summary.payloadLength = packet.payload
        summary.timeToLive = 64
        return summary
    }

    /// Feeds packets, with the ticks between their times.
    func feed(_ packets: [TestPacket]) {
        for packet in packets {
            let whole = Int64(packet.time / 1000)
            while second < whole { tick(Int(second) + 1) }
            feed([summary(packet)])
        }
    }

    func feed(_ summaries: [PacketSummary]) {
        let context = ShardContext(events: events, follower: nil)
        summaries.withUnsafeBufferPointer { packets in
            for index in packets.indices {
                let order = [PacketPlace(hash: packets[index].hash, position: UInt32(index))]
                order.withUnsafeBufferPointer {
                    table.shards[FlowTable.shardIndex(packets[index].hash)].process(
                        packets.baseAddress!, order: $0, context)
                }
            }
        }
        collect()
    }

    /// Lets packet time reach a whole second after the start.
    func tick(_ seconds: Int) {
        second = Int64(seconds)
        for shard in table.shards {
            shard.tick(Self.time(seconds * 1000), ShardContext(events: events, follower: nil))
        }
        collect()
    }

    func drain() {
        for shard in table.shards {
            while shard.drain(16, at: Self.time(Int(second) * 1000), ShardContext(events: events, follower: nil)) {}
        }
        collect()
    }

    private func collect() {
        for header in events.headers {
            let event = StreamEvent(header: header, buffer: events, ordinal: 0)
            switch header.kind {
            case .opened, .answered, .closed: published.append((header.kind, event.flow, header.detail, nil))
            case .changed: published.append((.changed, event.flow, 0, event.delta))
            default: break
            }
        }
        events.clear()
    }

    var closed: [(flow: FlowRecord, reason: FlowEndReason)] {
        published.filter { $0.kind == .closed }.map { ($0.flow, FlowEndReason(rawValue: $0.detail)!) }
    }

    var counters: TableCounters {
        table.shards.reduce(into: TableCounters()) { $0 += $1.counters }
    }
}
