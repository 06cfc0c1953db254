// The events of the one stream everything stands on.

/// What happened. Raw values are stable: they order events that one packet caused.
@frozen
public enum FlowEventKind: UInt8, CaseIterable, Sendable {
    /// A flow's first packet.
    case opened
    /// The first packet of the other direction.
    case answered
    /// What a flow did in one second of packet time; published when that second is over.
    case changed
    /// An application record: a DNS message, a TLS handshake, an HTTP exchange and so on.
    case application
    /// A flow ended, or reached the active timeout and goes on (`FlowEndReason.activeTimeout`).
    case closed
    /// An ARP packet.
    case arp
    /// An ICMP or ICMPv6 error message (unreachable, too big, time exceeded, parameter problem).
    case icmpError
    /// A packet that could not be decoded to its end.
    case fault
    /// Input was lost: damage of a file, drops of an interface, records shed.
    case loss
    /// Packet time crossed a whole second. Carries no flow.
    case tick
    /// Work begins or ends to be left out, because packets arrive faster than they are processed.
    case overload
}

/// A set of event kinds.
@frozen
public struct FlowEventKinds: OptionSet, Hashable, Sendable {
    public var rawValue: UInt16

    @inlinable
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    @inlinable
    public init(_ kind: FlowEventKind) {
        rawValue = 1 << UInt16(kind.rawValue)
    }

    @inlinable public static var opened: FlowEventKinds { FlowEventKinds(.opened) }
    @inlinable public static var answered: FlowEventKinds { FlowEventKinds(.answered) }
    @inlinable public static var changed: FlowEventKinds { FlowEventKinds(.changed) }
    @inlinable public static var application: FlowEventKinds { FlowEventKinds(.application) }
    @inlinable public static var closed: FlowEventKinds { FlowEventKinds(.closed) }
    @inlinable public static var arp: FlowEventKinds { FlowEventKinds(.arp) }
    @inlinable public static var icmpError: FlowEventKinds { FlowEventKinds(.icmpError) }
    @inlinable public static var fault: FlowEventKinds { FlowEventKinds(.fault) }
    @inlinable public static var loss: FlowEventKinds { FlowEventKinds(.loss) }
    @inlinable public static var tick: FlowEventKinds { FlowEventKinds(.tick) }
    @inlinable public static var overload: FlowEventKinds { FlowEventKinds(.overload) }
    @inlinable public static var all: FlowEventKinds { FlowEventKinds(rawValue: 0x7ff) }
}

/// Why a flow record was published.
@frozen
public enum FlowEndReason: UInt8, CaseIterable, Sendable {
    /// No packet for the idle timeout of its state.
    case idleTimeout
    /// Alive for the active timeout; the flow goes on with fresh counters.
    case activeTimeout
    /// A new connection took the same 5-tuple.
    case reused
    /// Evicted while unanswered, because the table was full.
    case evictedUnanswered
    /// Evicted as the least recently seen, because the table was full.
    case evictedOldest
    /// Evicted because every place its key may take was full.
    case evictedCollision
    /// The capture ended.
    case shutdown

    /// The counter's name.
    public var name: StaticString {
        switch self {
        case .idleTimeout: "idle_timeout"
        case .activeTimeout: "active_timeout"
        case .reused: "tcp_reuse"
        case .evictedUnanswered: "evicted_unanswered"
        case .evictedOldest: "evicted_oldest"
        case .evictedCollision: "evicted_collision"
        case .shutdown: "shutdown"
        }
    }
}

/// What a flow did since its last `changed` event, by direction.
@frozen
public struct FlowDelta: Hashable, Sendable {
    public var packetsToServer: UInt32
    public var packetsToClient: UInt32
    public var bytesToServer: UInt64
    public var bytesToClient: UInt64

    @inlinable
    public init(packetsToServer: UInt32, packetsToClient: UInt32, bytesToServer: UInt64, bytesToClient: UInt64) {
        self.packetsToServer = packetsToServer
        self.packetsToClient = packetsToClient
        self.bytesToServer = bytesToServer
        self.bytesToClient = bytesToClient
    }

    /// Nothing happened.
    public static let none = FlowDelta(packetsToServer: 0, packetsToClient: 0, bytesToServer: 0, bytesToClient: 0)
}
