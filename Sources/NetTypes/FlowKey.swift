// What makes two packets belong to one flow.

/// The canonical key of a bidirectional flow: 5-tuple, VLAN identifiers and tunnel depth.
///
/// The endpoint with the smaller (address, port) stands first, so that both directions give the same key. For ICMP the
/// ports hold what pairs a request with its reply (see `Decode`), for protocols without ports they are zero.
@frozen
public struct FlowKey: Hashable, Sendable {
    public var firstHigh: UInt64 = 0
    public var firstLow: UInt64 = 0
    public var secondHigh: UInt64 = 0
    public var secondLow: UInt64 = 0
    public var firstPort: UInt16 = 0
    public var secondPort: UInt16 = 0
    /// Outer and inner VLAN identifier (IEEE 802.1Q), each with bit 12 set when the tag was there; zero when not.
    public var outerVLAN: UInt16 = 0
    public var innerVLAN: UInt16 = 0
    /// IANA protocol number.
    public var transport: UInt8 = 0
    /// Bit 7: IPv6. Bits 3 to 0: number of tunnel headers around the innermost packet.
    public var shape: UInt8 = 0

    /// Marks a VLAN identifier as present.
    public static let vlanPresent: UInt16 = 0x1000

    @inlinable
    public init() {}

    @inlinable
    public var isIPv6: Bool { shape & 0x80 != 0 }

    @inlinable
    public var tunnelDepth: UInt8 { shape & 0x0f }

    @inlinable
    public var firstAddress: IPAddress { IPAddress(high: firstHigh, low: firstLow, isIPv6: isIPv6) }

    @inlinable
    public var secondAddress: IPAddress { IPAddress(high: secondHigh, low: secondLow, isIPv6: isIPv6) }

    /// Ports and VLAN identifiers as one word, for hashing and comparing.
    @inlinable
    public var portWord: UInt64 {
        UInt64(firstPort) << 48 | UInt64(secondPort) << 32 | UInt64(outerVLAN) << 16 | UInt64(innerVLAN)
    }

    /// Protocol and shape as one word, for hashing and comparing.
    @inlinable
    public var shapeWord: UInt64 { UInt64(transport) << 8 | UInt64(shape) }
}

extension FlowKey {
    /// Builds the canonical key of a packet and says whether its source is the first endpoint.
    public static func canonical(
        source: IPAddress, sourcePort: UInt16, destination: IPAddress, destinationPort: UInt16, transport: UInt8
    ) -> (key: FlowKey, sourceIsFirst: Bool) {
        var key = FlowKey()
        key.transport = transport
        key.shape = source.isIPv6 ? 0x80 : 0
        let sourceIsFirst = source != destination ? source < destination : sourcePort <= destinationPort
        let (first, second) = sourceIsFirst ? (source, destination) : (destination, source)
        key.firstHigh = first.high
        key.firstLow = first.low
        key.secondHigh = second.high
        key.secondLow = second.low
        (key.firstPort, key.secondPort) =
            sourceIsFirst ? (sourcePort, destinationPort) : (destinationPort, sourcePort)
        return (key, sourceIsFirst)
    }
}
