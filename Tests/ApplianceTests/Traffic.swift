// Random but repeatable traffic.

import NetTypes
import TestSupport

/// Frames of many small conversations, with everything that makes order matter.
enum Traffic {
    /// Conversations of DNS, TCP with HTTP, ICMP, fragments, ARP and broken packets.
    ///
    /// - Parameters:
    ///   - count: packets.
    ///   - hosts: clients they come from: more of them fill a small table.
    ///   - jitter: milliseconds by which times may lie before the time reached.
    ///   - gap: longest time between two packets, in milliseconds.
    static func capture(count: Int, hosts: Int, jitter: Int = 0, gap: Int = 40, seed: UInt64) -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        var file = PcapBytes()
        var clock = 1_700_000_000_000_000_000
        for index in 0..<count {
            clock += Int.random(in: 0...(gap * 1_000_000), using: &generator)
            let late = jitter > 0 ? Int.random(in: 0...jitter, using: &generator) * 1_000_000 : 0
            let frame = frame(index, hosts, using: &generator)
            file.add(frame, time: Timestamp(nanoseconds: Int64((clock - late) / 1000 * 1000)))
        }
        return file.bytes
    }

    private static func frame(_ index: Int, _ hosts: Int, using generator: inout SeededGenerator) -> [UInt8] {
        let host = Int.random(in: 0..<hosts, using: &generator)
        let client = "10.\(host >> 16 & 255).\(host >> 8 & 255).\(host & 255)"
        let port = UInt16(40_000 + Int.random(in: 0..<4, using: &generator))
        let toServer = Bool.random(using: &generator)
        func between(_ transport: UInt8, _ payload: [UInt8], fragment: UInt16 = 0) -> [UInt8] {
            let (from, to) = toServer ? (client, "192.0.2.1") : ("192.0.2.1", client)
            return PacketBytes.ethernet(
                0x0800,
                payload: PacketBytes.ipv4(
                    from, to, transport, identification: UInt16(truncatingIfNeeded: index / 3), fragment: fragment,
                    payload: payload))
        }
        switch Int.random(in: 0..<20, using: &generator) {
        case 0..<9:
            let flags: [TCPFlags] = [.syn, [.syn, .ack], .ack, [.ack, .psh], [.fin, .ack], .rst]
            let text = Array(
                (toServer ? "GET /\(index) HTTP/1.1\r\nHost: a.example\r\n\r\n" : "HTTP/1.1 200 OK\r\n\r\n").utf8)
            let chosen = flags.randomElement(using: &generator)!
            return between(
                IPProtocol.tcp,
                PacketBytes.tcp(
                    toServer ? port : 80, toServer ? 80 : port, sequence: UInt32(index), flags: chosen,
                    payload: chosen.contains(.psh) ? text : []))
        case 9..<14:
            let question: [UInt8] =
                [UInt8(index & 255), 1, toServer ? 1 : 0x81, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3]
                + Array("www".utf8) + [7] + Array("example".utf8) + [0, 0, 1, 0, 1]
            return between(
                IPProtocol.udp, PacketBytes.udp(toServer ? port : 53, toServer ? 53 : port, payload: question))
        case 14: return between(IPProtocol.icmp, PacketBytes.icmp(toServer ? 8 : 0, 0))
        case 15:
            return between(
                IPProtocol.udp, PacketBytes.udp(port, 9999, payload: [UInt8](repeating: 1, count: 40)), fragment: 0x2000
            )
        case 16: return between(IPProtocol.udp, [UInt8](repeating: 2, count: 40), fragment: 6)
        case 17: return between(IPProtocol.tcp, [0, 80, 1])
        case 18:
            return PacketBytes.ethernet(
                0x0806, payload: [0, 1, 8, 0, 6, 4, 0, 1] + [UInt8](repeating: 7, count: 20))
        default:
            return Array(
                PacketBytes.ethernet(0x86dd, payload: [0x60]).prefix(Int.random(in: 1...15, using: &generator)))
        }
    }
}
