// What the decoder counts.

/// Counters of the decode stage. Additive: the sum over runs of packets is the counter of the whole.
public struct DecodeCounters: Sendable, Equatable {
    public var packets: UInt64 = 0
    /// Bytes on the wire.
    public var bytes: UInt64 = 0
    /// Packets with a fault.
    public var invalid: UInt64 = 0
    public var ipv4: UInt64 = 0
    public var ipv6: UInt64 = 0
    public var tcp: UInt64 = 0
    public var udp: UInt64 = 0
    public var icmpv4: UInt64 = 0
    public var icmpv6: UInt64 = 0
    public var sctp: UInt64 = 0
    public var arp: UInt64 = 0
    public var vlan: UInt64 = 0
    public var qinq: UInt64 = 0
    public var ethernet: UInt64 = 0
    public var linuxCooked: UInt64 = 0
    public var raw: UInt64 = 0
    /// BSD loopback headers.
    public var loopback: UInt64 = 0
    public var tunnels = TunnelCounters()
    public var ipv4Fragments: UInt64 = 0
    public var ipv6Fragments: UInt64 = 0
    /// Frames whose captured part is shorter than the frame was.
    public var cut: UInt64 = 0
    public var longestFrame: UInt64 = 0
    /// Faults by `DecodeFault.rawValue`.
    public var faults: InlineArray<64, UInt64> = .init(repeating: 0)

    public init() {}

    /// How often a fault occurred.
    public subscript(fault: DecodeFault) -> UInt64 { faults[Int(fault.rawValue)] }

    public static func == (left: DecodeCounters, right: DecodeCounters) -> Bool {
        left.listed == right.listed && left.tunnels == right.tunnels
            && left.faults.indices.allSatisfy { left.faults[$0] == right.faults[$0] }
    }

    private var listed: [UInt64] {
        [
            packets, bytes, invalid, ipv4, ipv6, tcp, udp, icmpv4, icmpv6, sctp, arp, vlan, qinq, ethernet,
            linuxCooked, raw, loopback, ipv4Fragments, ipv6Fragments, cut, longestFrame,
        ]
    }

    /// Adds the counters of another run of packets.
    public static func += (left: inout DecodeCounters, right: DecodeCounters) {
        left.packets += right.packets
        left.bytes += right.bytes
        left.invalid += right.invalid
        left.ipv4 += right.ipv4
        left.ipv6 += right.ipv6
        left.tcp += right.tcp
        left.udp += right.udp
        left.icmpv4 += right.icmpv4
        left.icmpv6 += right.icmpv6
        left.sctp += right.sctp
        left.arp += right.arp
        left.vlan += right.vlan
        left.qinq += right.qinq
        left.ethernet += right.ethernet
        left.linuxCooked += right.linuxCooked
        left.raw += right.raw
        left.loopback += right.loopback
        left.tunnels += right.tunnels
        left.ipv4Fragments += right.ipv4Fragments
        left.ipv6Fragments += right.ipv6Fragments
        left.cut += right.cut
        left.longestFrame = max(left.longestFrame, right.longestFrame)
        for index in left.faults.indices { left.faults[index] += right.faults[index] }
    }
}
