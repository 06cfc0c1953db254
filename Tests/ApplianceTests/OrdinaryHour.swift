// An hour of a small network, to put attacks into.

import NetTypes
import TestSupport

/// Twelve clients that fetch pages from two servers for an hour; further frames can be added anywhere.
struct OrdinaryHour {
    static let start: Int64 = 1_700_000_000

    private var generator = SeededGenerator(seed: 5)
    private var frames: [(time: Int64, bytes: [UInt8])] = []

    init() {
        for second in stride(from: 0, to: 3600, by: 4) {
            let client = "192.168.7.\(10 + generator.next() % 12)"
            let server = generator.next() & 1 == 0 ? "198.51.100.5" : "203.0.113.9"
            connect(client, server, 443, at: Double(second) + Double(generator.next() % 900) / 1000)
        }
    }

    /// A hardware address for each inside host; all outside ones are behind the gateway.
    static func mac(_ address: String) -> UInt64 {
        guard address.hasPrefix("192.168.7."), let last = address.split(separator: ".").last else {
            return 0x0200_0000_0001
        }
        return 0x0200_0000_0000 | (UInt64(last) ?? 1)
    }

    /// A short connection, refused, unanswered or with a request and a reply.
    ///
    /// - Parameters:
    ///   - second: seconds after the start.
    ///   - reply: nil for no answer at all, false for a refusal.
    mutating func connect(_ client: String, _ server: String, _ port: UInt16, at second: Double, reply: Bool? = true) {
        let local = UInt16(20_000 + generator.next() % 12_000)
        let time = Self.start * 1_000_000_000 + Int64(second * 1e9)
        func add(_ delay: Int64, up: Bool, _ flags: TCPFlags, _ length: Int) {
            let (from, to) = up ? (client, server) : (server, client)
            let ports = up ? (local, port) : (port, local)
            let segment = PacketBytes.tcp(
                ports.0, ports.1, flags: flags, payload: [UInt8](repeating: 65, count: length))
            frames.append(
                (
                    time + delay,
                    PacketBytes.ethernet(
                        0x0800, source: Self.mac(from), destination: Self.mac(to),
                        payload: PacketBytes.ipv4(from, to, 6, payload: segment))
                ))
        }
        add(0, up: true, .syn, 0)
        guard let reply else { return }
        guard reply else { return add(1_000_000, up: false, [.rst, .ack], 0) }
        add(1_000_000, up: false, [.syn, .ack], 0)
        add(2_000_000, up: true, .ack, 0)
        add(3_000_000, up: true, [.psh, .ack], 200 + Int(generator.next() % 60))
        add(9_000_000, up: false, [.psh, .ack], 900 + Int(generator.next() % 300))
        add(20_000_000, up: true, [.fin, .ack], 0)
        add(21_000_000, up: false, [.fin, .ack], 0)
    }

    /// One datagram.
    mutating func datagram(
        _ source: (String, UInt16), _ target: (String, UInt16), _ payload: [UInt8], at second: Double
    ) {
        let packet = PacketBytes.udp(source.1, target.1, payload: payload)
        add(source.0, target.0, IPProtocol.udp, packet, at: second)
    }

    /// A connection with messages of the caller's: seconds since it opened, direction, bytes. Large ones go in several segments.
    mutating func talk(
        _ client: String, _ server: String, _ port: UInt16, at second: Double,
        _ messages: [(delay: Double, up: Bool, bytes: [UInt8])]
    ) {
        let local = UInt16(20_000 + generator.next() % 12_000)
        var sequence: (up: UInt32, down: UInt32) = (1, 1)
        func segment(_ delay: Double, up: Bool, _ flags: TCPFlags, _ bytes: [UInt8] = []) {
            let (from, to) = up ? (client, server) : (server, client)
            let ports = up ? (local, port) : (port, local)
            let payload = PacketBytes.tcp(
                ports.0, ports.1, sequence: up ? sequence.up : sequence.down, flags: flags, payload: bytes)
            if up { sequence.up += UInt32(bytes.count) } else { sequence.down += UInt32(bytes.count) }
            add(from, to, IPProtocol.tcp, payload, at: second + delay)
        }
        sequence = (0, 0)
        segment(0, up: true, .syn)
        segment(0.001, up: false, [.syn, .ack])
        sequence = (1, 1)
        segment(0.002, up: true, .ack)
        var end = 0.003
        for message in messages {
            for start in stride(from: 0, to: message.bytes.count, by: 1400) {
                let piece = Array(message.bytes[start..<min(start + 1400, message.bytes.count)])
                end = 0.003 + message.delay + Double(start) * 1e-7
                segment(end, up: message.up, [.psh, .ack], piece)
            }
        }
        segment(end + 0.01, up: true, [.fin, .ack])
        segment(end + 0.011, up: false, [.fin, .ack])
    }

    private mutating func add(
        _ from: String, _ to: String, _ transport: UInt8, _ payload: [UInt8], at second: Double
    ) {
        frames.append(
            (
                Self.start * 1_000_000_000 + Int64(second * 1e9),
                PacketBytes.ethernet(
                    0x0800, source: Self.mac(from), destination: Self.mac(to),
                    payload: PacketBytes.ipv4(from, to, transport, payload: payload))
            ))
    }

    /// An ARP reply: `address` is said to be at the hardware address of `speaker`.
    mutating func claim(_ address: String, by speaker: String, to target: String, at second: Double) {
        let mac = PacketBytes.big(Self.mac(speaker), 6)
        let claimed = PacketBytes.big(IPAddress(address)?.low ?? 0, 4)
        let asked = PacketBytes.big(IPAddress(target)?.low ?? 0, 4)
        let message = [0, 1, 8, 0, 6, 4, 0, 2] + mac + claimed + PacketBytes.big(Self.mac(target), 6) + asked
        frames.append(
            (
                Self.start * 1_000_000_000 + Int64(second * 1e9),
                PacketBytes.ethernet(
                    0x0806, source: Self.mac(speaker), destination: Self.mac(target), payload: message)
            ))
    }

    /// The capture file.
    var bytes: [UInt8] {
        var file = PcapBytes()
        for frame in frames.sorted(by: { $0.time < $1.time }) {
            file.add(frame.bytes, time: Timestamp(nanoseconds: frame.time / 1000 * 1000))
        }
        return file.bytes
    }
}
