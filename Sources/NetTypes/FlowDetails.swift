// The line of a flow record that is written rarely.

/// Facts learned once or rarely in a flow's life. 64 bytes.
@frozen
public struct FlowDetails: Sendable {
    /// Time of the first packet of this record by direction, ns since the epoch; meaningless while that direction has
    /// no packets.
    public var firstToServer: Int64 = 0
    public var firstToClient: Int64 = 0
    /// Identifies the flow in all events: 51 bits, so that a double holds it.
    public var flowID: UInt64 = 0
    /// From SYN to SYN-ACK and from SYN-ACK to ACK, µs, at least 1; zero when not seen.
    public var serverRoundTrip: UInt32 = 0
    public var clientRoundTrip: UInt32 = 0
    /// Hardware addresses of the first packet, by role; upper 16 and lower 32 bits.
    public var clientMACHigh: UInt16 = 0
    public var serverMACHigh: UInt16 = 0
    public var clientMACLow: UInt32 = 0
    public var serverMACLow: UInt32 = 0
    /// TCP window of each side's first packet.
    public var clientWindow: UInt16 = 0
    public var serverWindow: UInt16 = 0
    /// Maximum segment size announced by each side, zero without the option.
    public var clientSegmentSize: UInt16 = 0
    public var serverSegmentSize: UInt16 = 0
    /// Traffic class (DSCP and ECN) of each side's first packet.
    public var clientTrafficClass: UInt8 = 0
    public var serverTrafficClass: UInt8 = 0
    /// ICMP type and code of the first packet, by direction.
    public var icmpType: UInt8 = 0
    public var icmpCode: UInt8 = 0
    public var responseICMPType: UInt8 = 0
    public var responseICMPCode: UInt8 = 0
    /// One bit for each of the first 16 packets, lowest bit first: 1 means from server to client.
    public var firstDirections: UInt16 = 0
    /// The application tracker's slot + 1, zero before there is one. `applicationSettled` is set in it when no further
    /// packet is wanted; `applicationOver` when there is no slot any more either.
    public var applicationSlot: UInt32 = 0

    /// The bit that says that no further packet of the flow is wanted.
    public static let applicationSettled: UInt32 = 1 << 31
    /// No slot, and no further packet wanted.
    public static let applicationOver = UInt32.max

    @inlinable
    public init() {}

    @inlinable
    public var clientMAC: MACAddress { MACAddress(bits: UInt64(clientMACHigh) << 32 | UInt64(clientMACLow)) }

    @inlinable
    public var serverMAC: MACAddress { MACAddress(bits: UInt64(serverMACHigh) << 32 | UInt64(serverMACLow)) }
}
