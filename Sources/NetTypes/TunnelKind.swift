// The ways in which packets travel inside other packets.

/// What wraps the packet of a flow: the tunnel header nearest to it.
@frozen
public enum TunnelKind: UInt8, CaseIterable, Sendable {
    case none = 0
    /// IPv4 or IPv6 directly in an IP packet (RFC 2003, 2473, 4213).
    case ipv4
    case ipv6
    case gre
    case erspan
    /// MPLS in IP (RFC 4023).
    case mpls
    case vxlan
    case geneve
    case teredo
    case gtp

    /// What EVE writes as `pkt_src` of a packet that came out of such a tunnel; Suricata's words where it has some.
    public var packetSource: StaticString {
        switch self {
        case .none: "wire/pcap"
        case .ipv4: "ipv4 tunnel"
        case .ipv6: "ipv6 tunnel"
        case .gre: "gre tunnel"
        case .erspan: "erspan tunnel"
        case .mpls: "mpls tunnel"
        case .vxlan: "vxlan encapsulation"
        case .geneve: "geneve encapsulation"
        case .teredo: "teredo tunnel"
        case .gtp: "gtp-u tunnel"
        }
    }

    /// Whether the outer source port only spreads packets over paths (RFC 7348 section 5, RFC 8926 section 3.3), so that
    /// it names no endpoint.
    @inlinable
    public var hasMeaninglessSourcePort: Bool { self == .vxlan || self == .geneve || self == .gtp }
}
