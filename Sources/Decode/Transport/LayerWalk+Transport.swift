// Dispatch by IP protocol number, and protocols without state: UDP, SCTP, everything else.

import NetTypes

extension LayerWalk {
    mutating func transport(_ number: UInt8, _ counters: inout DecodeCounters) {
        next = .done
        switch number {
        case IPProtocol.tcp: tcp(&counters)
        case IPProtocol.udp: udp(&counters)
        case IPProtocol.icmp where !source.isIPv6: icmp(&counters)
        case IPProtocol.icmpv6 where source.isIPv6: icmpv6(&counters)
        case IPProtocol.sctp: sctp(&counters)
        default:
            setPayload(from: offset)
            keyFlow(number, 0, 0)
            if IPProtocol.isTunnel(number) { tunnel(number, &counters) }
        }
    }

    /// UDP (RFC 768). A length field that cannot be right is a fault of a packet that still belongs to its flow.
    private mutating func udp(_ counters: inout DecodeCounters) {
        counters.udp &+= 1
        guard reader.has(offset, 4), end >= offset + 8 else { return fail(.udpTruncated) }
        keyFlow(IPProtocol.udp, reader.load16(offset), reader.load16(offset + 2))
        if reader.has(offset, 6) {
            let length = Int(reader.load16(offset + 4))
            // Zero is allowed in jumbograms and left by offloading; the first fragment holds less than its length says.
            if length != 0, length < 8 || (length > end - offset && !summary.isFirstFragment) {
                setPayload(from: offset + 8)
                return fail(.udpBadLength)
            }
            if length != 0 { end = min(end, offset + length) }
        }
        setPayload(from: offset + 8)
        if Self.isTunnelPort(destination: reader.load16(offset + 2), source: reader.load16(offset)) {
            offset += 8
            datagramTunnel(reader.load16(offset - 6), &counters)
        }
    }

    /// SCTP (RFC 9260).
    private mutating func sctp(_ counters: inout DecodeCounters) {
        counters.sctp &+= 1
        guard reader.has(offset, 4), end >= offset + 12 else { return fail(.sctpTruncated) }
        keyFlow(IPProtocol.sctp, reader.load16(offset), reader.load16(offset + 2))
        setPayload(from: offset + 12)
    }
}
