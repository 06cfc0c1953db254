// What the flow table counts.

/// Counters of the flow table. Additive over shards and over runs of packets.
public struct TableCounters: Sendable, Equatable {
    /// Flows opened, in all and by protocol.
    public var opened: UInt64 = 0
    public var tcp: UInt64 = 0
    public var udp: UInt64 = 0
    public var icmpv4: UInt64 = 0
    public var icmpv6: UInt64 = 0
    /// Flows in the table now: opened less ended.
    public var active: Int64 = 0
    /// TCP flows whose handshake was seen whole.
    public var tcpSessions: UInt64 = 0
    /// TCP flows picked up without their opening SYN.
    public var midstream: UInt64 = 0
    /// TCP segments after bytes that were never seen.
    public var gaps: UInt64 = 0
    /// Records published by `FlowEndReason.rawValue`.
    public var ended: InlineArray<8, UInt64> = .init(repeating: 0)
    /// Flows whose application bytes were not followed because the pool was full.
    public var applicationShed: UInt64 = 0
    /// Flows that were not named because there was no room for it.
    public var namesShed: UInt64 = 0
    /// Packets with payload that were not parsed, and packets of new flows that were not opened, because of overload.
    public var overloadUnparsed: UInt64 = 0
    public var overloadUnopened: UInt64 = 0
    /// Flows whose tunnel was not kept because too many were.
    public var tunnelsShed: UInt64 = 0

    public init() {}

    /// Records published for the given reason.
    public subscript(reason: FlowEndReason) -> UInt64 {
        get { ended[Int(reason.rawValue)] }
        set { ended[Int(reason.rawValue)] = newValue }
    }

    public static func == (left: TableCounters, right: TableCounters) -> Bool {
        left.opened == right.opened && left.tcp == right.tcp && left.udp == right.udp
            && left.icmpv4 == right.icmpv4 && left.icmpv6 == right.icmpv6 && left.active == right.active
            && left.tcpSessions == right.tcpSessions && left.midstream == right.midstream && left.gaps == right.gaps
            && left.applicationShed == right.applicationShed && left.namesShed == right.namesShed
            && left.tunnelsShed == right.tunnelsShed && left.overloadUnparsed == right.overloadUnparsed
            && left.overloadUnopened == right.overloadUnopened
            && left.ended.indices.allSatisfy { left.ended[$0] == right.ended[$0] }
    }

    /// Adds the counters of another shard or run.
    public static func += (left: inout TableCounters, right: TableCounters) {
        left.opened += right.opened
        left.tcp += right.tcp
        left.udp += right.udp
        left.icmpv4 += right.icmpv4
        left.icmpv6 += right.icmpv6
        left.active += right.active
        left.tcpSessions += right.tcpSessions
        left.midstream += right.midstream
        left.gaps += right.gaps
        left.applicationShed += right.applicationShed
        left.namesShed += right.namesShed
        left.overloadUnparsed += right.overloadUnparsed
        left.overloadUnopened += right.overloadUnopened
        left.tunnelsShed += right.tunnelsShed
        for index in left.ended.indices { left.ended[index] += right.ended[index] }
    }
}
