// What the decoder counts of headers that wrap other packets.

/// Headers of tunnels and of their kin, by kind. Additive.
public struct TunnelCounters: Sendable, Equatable {
    public var pppoe: UInt64 = 0
    public var ppp: UInt64 = 0
    /// Packets with MPLS labels, however many.
    public var mpls: UInt64 = 0
    public var gre: UInt64 = 0
    public var erspan: UInt64 = 0
    public var vxlan: UInt64 = 0
    public var geneve: UInt64 = 0
    public var teredo: UInt64 = 0
    public var gtp: UInt64 = 0
    public var ipv4InIPv4: UInt64 = 0
    public var ipv4InIPv6: UInt64 = 0
    public var ipv6InIPv4: UInt64 = 0
    public var ipv6InIPv6: UInt64 = 0

    public init() {}

    /// Adds the counters of another run of packets.
    public static func += (left: inout TunnelCounters, right: TunnelCounters) {
        left.pppoe += right.pppoe
        left.ppp += right.ppp
        left.mpls += right.mpls
        left.gre += right.gre
        left.erspan += right.erspan
        left.vxlan += right.vxlan
        left.geneve += right.geneve
        left.teredo += right.teredo
        left.gtp += right.gtp
        left.ipv4InIPv4 += right.ipv4InIPv4
        left.ipv4InIPv6 += right.ipv4InIPv6
        left.ipv6InIPv4 += right.ipv6InIPv4
        left.ipv6InIPv6 += right.ipv6InIPv6
    }
}
