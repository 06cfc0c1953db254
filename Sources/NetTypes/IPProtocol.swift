// IANA protocol numbers that the appliance treats by name.

/// Protocol numbers of the IANA registry.
public enum IPProtocol {
    public static let icmp: UInt8 = 1
    public static let igmp: UInt8 = 2
    public static let ipv4: UInt8 = 4
    public static let tcp: UInt8 = 6
    public static let udp: UInt8 = 17
    public static let ipv6: UInt8 = 41
    public static let gre: UInt8 = 47
    public static let esp: UInt8 = 50
    public static let ah: UInt8 = 51
    public static let icmpv6: UInt8 = 58
    public static let sctp: UInt8 = 132
    public static let mplsInIP: UInt8 = 137

    /// Whether the protocol carries whole packets of another network layer.
    @inlinable
    public static func isTunnel(_ number: UInt8) -> Bool {
        number == ipv4 || number == ipv6 || number == gre || number == mplsInIP
    }

    /// The name EVE uses for a protocol; nil for a number without one, which is then written in decimal.
    public static func name(_ number: UInt8) -> StaticString? {
        switch number {
        case icmp: "ICMP"
        case igmp: "IGMP"
        case ipv4: "IPv4"
        case tcp: "TCP"
        case udp: "UDP"
        case ipv6: "IPv6"
        case 46: "RSVP"
        case gre: "GRE"
        case esp: "ESP"
        case ah: "AH"
        case icmpv6: "IPv6-ICMP"
        case 88: "EIGRP"
        case 89: "OSPFIGP"
        case 103: "PIM"
        case 112: "VRRP"
        case sctp: "SCTP"
        default: nil
        }
    }
}
