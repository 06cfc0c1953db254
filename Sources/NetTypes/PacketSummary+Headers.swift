// What is read of a packet's outer headers when it is needed.

extension PacketSummary {
    /// The tunnel around the packet; nil for a packet without one.
    public var tunnel: Tunnel? {
        guard tunnelKind != .none, let header = EnclosingHeader(bytes(from: outerHeader)) else { return nil }
        var tunnel = Tunnel(
            kind: tunnelKind, source: header.source, destination: header.destination, transport: header.transport)
        let bytes = bytes(from: outerHeader)
        if tunnel.transport == IPProtocol.udp, header.length + 4 <= bytes.count {
            func port(_ offset: Int) -> UInt16 { UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1]) }
            if !tunnelKind.hasMeaninglessSourcePort { tunnel.sourcePort = port(header.length) }
            tunnel.destinationPort = port(header.length + 2)
        }
        return tunnel
    }

    /// Source, destination and, for IPv4, protocol of the IP header that was fragmented; nil for a packet that is no
    /// fragment. With the identification they name a datagram (RFC 791 section 3.2, RFC 8200 section 4.5).
    public var fragmentedHeader: (source: IPAddress, destination: IPAddress, transport: UInt8)? {
        guard isFirstFragment || kind == .laterFragment, let header = EnclosingHeader(bytes(from: fragmentHeader))
        else { return nil }
        return (header.source, header.destination, header.source.isIPv6 ? 0 : header.transport)
    }

    /// The captured bytes from a header up to the payload.
    private func bytes(from header: UInt16) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base + Int(header), count: max(0, Int(payloadOffset) - Int(header)))
    }
}
