// The outermost packet around the packets of a flow.

/// A tunnel as its flows keep it: the endpoints of the outermost IP header, from the side of the flow's first packet,
/// and what wraps the innermost packet.
@frozen
public struct Tunnel: Hashable, Sendable {
    public var kind: TunnelKind
    public var source: IPAddress
    public var destination: IPAddress
    /// Protocol number of the outermost IP packet's payload.
    public var transport: UInt8
    /// Ports of the outer UDP header; zero without one. `sourcePort` is zero too where it names no endpoint.
    public var sourcePort: UInt16
    public var destinationPort: UInt16

    @inlinable
    public init(
        kind: TunnelKind, source: IPAddress, destination: IPAddress, transport: UInt8, sourcePort: UInt16 = 0,
        destinationPort: UInt16 = 0
    ) {
        self.kind = kind
        self.source = source
        self.destination = destination
        self.transport = transport
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
    }
}

extension Tunnel {
    /// Bytes of a tunnel as the value of `ApplicationField.tunnel`.
    public static let byteCount = 39

    /// Writes the value of `ApplicationField.tunnel`: kind, transport, whether IPv6, both ports and both addresses.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        var bytes = InlineArray<39, UInt8>(repeating: 0)
        return withUnsafeMutableBytes(of: &bytes) { buffer in
            buffer[0] = kind.rawValue
            buffer[1] = transport
            buffer[2] = source.isIPv6 ? 1 : 0
            buffer.storeBytes(of: sourcePort.bigEndian, toByteOffset: 3, as: UInt16.self)
            buffer.storeBytes(of: destinationPort.bigEndian, toByteOffset: 5, as: UInt16.self)
            for (place, word) in [source.high, source.low, destination.high, destination.low].enumerated() {
                buffer.storeBytes(of: word.bigEndian, toByteOffset: 7 + place * 8, as: UInt64.self)
            }
            return body(UnsafeRawBufferPointer(buffer))
        }
    }

    /// Reads the value of `ApplicationField.tunnel`; nil when it is none.
    public init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.byteCount, let kind = TunnelKind(rawValue: bytes[0]) else { return nil }
        func word(_ offset: Int) -> UInt64 {
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        func port(_ offset: Int) -> UInt16 {
            UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
        }
        let isIPv6 = bytes[2] != 0
        self.init(
            kind: kind, source: IPAddress(high: word(7), low: word(15), isIPv6: isIPv6),
            destination: IPAddress(high: word(23), low: word(31), isIPv6: isIPv6), transport: bytes[1],
            sourcePort: port(3), destinationPort: port(5))
    }
}
