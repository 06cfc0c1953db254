// ICMP (RFC 792) and ICMPv6 (RFC 4443), keyed as Community ID pairs them.

import NetTypes

extension LayerWalk {
    mutating func icmp(_ counters: inout DecodeCounters) {
        counters.icmpv4 &+= 1
        guard reader.has(offset, 2), end >= offset + 4 else { return fail(.icmpTruncated) }
        let type = reader.load8(offset)
        finishICMP(
            IPProtocol.icmp, type, ICMPPairing.counterpart(ofICMP: type), isError: [3, 4, 5, 11, 12].contains(type))
    }

    mutating func icmpv6(_ counters: inout DecodeCounters) {
        counters.icmpv6 &+= 1
        guard reader.has(offset, 2), end >= offset + 4 else { return fail(.icmpv6Truncated) }
        let type = reader.load8(offset)
        finishICMP(IPProtocol.icmpv6, type, ICMPPairing.counterpart(ofICMPv6: type), isError: (1...4).contains(type))
    }

    private mutating func finishICMP(_ transport: UInt8, _ type: UInt8, _ counterpart: UInt8?, isError: Bool) {
        let code = reader.load8(offset + 1)
        summary.icmpType = type
        summary.icmpCode = code
        keyFlow(transport, UInt16(type), UInt16(counterpart ?? code))
        setPayload(from: min(offset + 8, end))
        if isError { notice = .icmpError }
    }

    /// The error and the packet it quotes; nil when the quotation is too short to name addresses.
    func icmpErrorMessage() -> ICMPErrorMessage? {
        let quoted = offset + 8
        guard reader.has(quoted, 20) else { return nil }
        var from = IPAddress(v4: 0)
        var to = from
        var transport: UInt8 = 0
        var ports = quoted
        if source.isIPv6 {
            guard reader.load8(quoted) >> 4 == 6, reader.has(quoted, 40) else { return nil }
            from = IPAddress(high: reader.load64(quoted + 8), low: reader.load64(quoted + 16), isIPv6: true)
            to = IPAddress(high: reader.load64(quoted + 24), low: reader.load64(quoted + 32), isIPv6: true)
            transport = reader.load8(quoted + 6)
            ports += 40
        } else {
            guard reader.load8(quoted) >> 4 == 4 else { return nil }
            from = IPAddress(v4: reader.load32(quoted + 12))
            to = IPAddress(v4: reader.load32(quoted + 16))
            transport = reader.load8(quoted + 9)
            ports += Int(reader.load8(quoted) & 15) * 4
        }
        let hasPorts = [IPProtocol.tcp, IPProtocol.udp, IPProtocol.sctp].contains(transport) && reader.has(ports, 4)
        return ICMPErrorMessage(
            type: summary.icmpType, code: summary.icmpCode, sender: source, source: from, destination: to,
            transport: transport, sourcePort: hasPorts ? reader.load16(ports) : 0,
            destinationPort: hasPorts ? reader.load16(ports + 2) : 0)
    }
}
