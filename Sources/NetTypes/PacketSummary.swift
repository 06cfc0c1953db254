// What the decoder hands on: everything the flow table needs of a packet.

/// What kind of packet a summary describes.
@frozen
public enum PacketKind: UInt8, Sendable {
    /// Belongs to a flow; `key` is set.
    case flow
    /// A fragment after the first: belongs to a flow once the fragment cache has found its ports.
    case laterFragment
    /// ARP for IPv4 over Ethernet.
    case arp
    /// Decoded soundly, but has no flow (other EtherTypes).
    case other
    /// Decoding stopped before a flow was known; `fault` says why.
    case fault
}

/// The decoded form of one packet. Holds no reference: `payload` borrows from the frame.
@frozen
public struct PacketSummary: Sendable {
    public var key = FlowKey()
    public var kind = PacketKind.other
    /// What stopped decoding. A flow packet may carry one too: its network layer was sound, something above was not.
    public var fault = DecodeFault.none
    /// Whether the packet's source is the key's first endpoint.
    public var sourceIsFirst = true
    public var tcpFlags: TCPFlags = []
    /// IPv4 time to live or IPv6 hop limit.
    public var timeToLive: UInt8 = 0
    /// IPv4 type of service or IPv6 traffic class: DSCP in the upper six bits, ECN in the lower two.
    public var trafficClass: UInt8 = 0
    public var icmpType: UInt8 = 0
    public var icmpCode: UInt8 = 0
    /// TCP receive window as sent, not scaled.
    public var window: UInt16 = 0
    /// Maximum segment size option of a SYN, zero without one.
    public var maximumSegmentSize: UInt16 = 0
    /// Offset in the frame of the IP header that is a fragment's; meaningless in a packet that is none.
    public var fragmentHeader: UInt16 = 0
    /// Keyed symmetric hash of `key`.
    public var hash: UInt64 = 0
    public var time = Timestamp(nanoseconds: 0)
    /// Length of the whole frame on the wire.
    public var wireLength: UInt32 = 0
    /// Length of the transport payload on the wire, from the length fields of the headers.
    public var payloadLength: UInt32 = 0
    /// Offset of the transport payload in the frame.
    public var payloadOffset: UInt32 = 0
    /// Payload bytes that were captured.
    public var payloadCaptured: UInt32 = 0
    public var sequence: UInt32 = 0
    public var acknowledgment: UInt32 = 0
    /// Identification of a fragmented datagram.
    public var fragmentIdentification: UInt32 = 0
    /// Whether this is the first fragment of several.
    public var isFirstFragment = false
    /// The tunnel header nearest to the innermost packet; the number of them is in the key.
    public var tunnelKind = TunnelKind.none
    /// Offset in the frame of the outermost IP header of a packet with a `tunnelKind`.
    public var outerHeader: UInt16 = 0
    /// Hardware addresses; zero on links without Ethernet headers.
    public var sourceMAC = MACAddress(bits: 0)
    public var destinationMAC = MACAddress(bits: 0)
    /// First byte of the frame.
    @usableFromInline nonisolated(unsafe) var base: UnsafePointer<UInt8>

    /// A summary of `frame` before any layer was read.
    @inlinable
    public init(_ frame: Frame) {
        base = frame.base
        time = frame.time
        wireLength = frame.wireLength
    }

    /// The captured transport payload, borrowed from the frame.
    @inlinable
    public var payload: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base + Int(payloadOffset), count: Int(payloadCaptured))
    }

    /// The address and port the packet came from.
    @inlinable
    public var source: (address: IPAddress, port: UInt16) {
        sourceIsFirst ? (key.firstAddress, key.firstPort) : (key.secondAddress, key.secondPort)
    }

    /// The address and port the packet goes to.
    @inlinable
    public var destination: (address: IPAddress, port: UInt16) {
        sourceIsFirst ? (key.secondAddress, key.secondPort) : (key.firstAddress, key.firstPort)
    }
}
