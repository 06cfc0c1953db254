// The line of a flow record that every packet touches: key, state, version.

/// Key, state and bookkeeping of a flow. 64 bytes.
@frozen
public struct FlowIdentity: Sendable {
    public var key = FlowKey()
    /// Packets of this record whose lengths and gaps are in `firstPackets`, 0 to 16.
    public var firstPacketCount: UInt8 = 0
    /// Keeps the line full; always zero.
    public var reserved: UInt8 = 0
    /// Whole second, since the epoch and modulo 2³², in which this record began: the active timeout counts from here.
    public var startSecond: UInt32 = 0
    /// Changes twice with every update; odd while one is under way. Zero in a record never used.
    public var version: UInt32 = 0
    public var tcpState = TCPState.none
    /// Which of the table's timeouts applies.
    public var timeoutClass: UInt8 = 0
    public var status: FlowStatus = []
    public var application = ApplicationProtocol.unknown
    /// Links of the table's list of flows last seen in the same second; record index + 1, zero at an end.
    public var next: UInt32 = 0
    public var previous: UInt32 = 0

    @inlinable
    public init() {}
}

/// Facts about a flow that are true or not.
@frozen
public struct FlowStatus: OptionSet, Hashable, Sendable {
    public var rawValue: UInt8

    @inlinable
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The client is the key's first endpoint.
    @inlinable public static var clientIsFirst: FlowStatus { FlowStatus(rawValue: 1) }
    /// Packets were seen in both directions.
    @inlinable public static var answered: FlowStatus { FlowStatus(rawValue: 2) }
    /// A TCP flow whose opening SYN was not seen.
    @inlinable public static var midstream: FlowStatus { FlowStatus(rawValue: 4) }
    /// An earlier record of this flow was published at the active timeout; counters are since then.
    @inlinable public static var continued: FlowStatus { FlowStatus(rawValue: 8) }
    /// Bytes are missing in the sequence space, by direction.
    @inlinable public static var toServerGap: FlowStatus { FlowStatus(rawValue: 16) }
    @inlinable public static var toClientGap: FlowStatus { FlowStatus(rawValue: 32) }
    /// The flow stands in the list of flows changed in this second.
    @inlinable public static var changed: FlowStatus { FlowStatus(rawValue: 64) }
    /// The application tracker wants no further packet of the flow.
    @inlinable public static var settled: FlowStatus { FlowStatus(rawValue: 128) }
}

/// Where a TCP connection stands, as far as an observer can tell (after RFC 9293, section 3.3.2).
@frozen
public enum TCPState: UInt8, Sendable {
    /// Not TCP.
    case none = 0
    case synSent
    case synReceived
    case established
    /// One side has sent FIN.
    case closing
    /// Both sides have sent FIN.
    case closed
    /// Reset by either side.
    case reset

    /// The name EVE uses in `tcp.state`.
    public var name: StaticString {
        switch self {
        case .none: "none"
        case .synSent: "syn_sent"
        case .synReceived: "syn_recv"
        case .established: "established"
        case .closing: "fin_wait1"
        case .closed, .reset: "closed"
        }
    }
}
