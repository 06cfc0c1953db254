// Why a packet could not be decoded to its end.

/// A fault that stopped decoding. Faults are counted and published as events, never thrown: the packet's outer layers
/// that were already read still count.
@frozen
public enum DecodeFault: UInt8, CaseIterable, Sendable {
    case none = 0
    case linkTruncated
    case linkTypeUnsupported
    case vlanTruncated
    case tooManyLayers
    case ipv4Truncated
    case ipv4BadVersion
    case ipv4BadHeaderLength
    case ipv4BadTotalLength
    case ipv6Truncated
    case ipv6BadVersion
    case ipv6BadPayloadLength
    case ipv6ExtensionTruncated
    case fragmentTruncated
    case fragmentUnmatched
    case tcpTruncated
    case tcpBadHeaderLength
    case tcpBadOption
    case udpTruncated
    case udpBadLength
    case icmpTruncated
    case icmpv6Truncated
    case sctpTruncated
    case arpTruncated
    case arpUnsupported
    case loopbackTruncated
    case loopbackUnsupported
    case pppoeTruncated
    case pppoeBadCode
    case pppTruncated
    case mplsTruncated
    case mplsUnknownPayload
    case greTruncated
    case greBadVersion
    case greBadRouting
    case greBadProtocol
    case erspanTruncated
    case erspanBadVersion
    case vxlanTruncated
    case geneveTruncated
    case geneveUnknownPayload
    case gtpTruncated
    case gtpUnknownPayload

    /// The counter's name; where Suricata has an event for the same fault, its name under `decoder.event`.
    public var name: StaticString {
        switch self {
        case .none: "none"
        case .linkTruncated: "ethernet.pkt_too_small"
        case .linkTypeUnsupported: "link.unsupported_type"
        case .vlanTruncated: "vlan.header_too_small"
        case .tooManyLayers: "too_many_layers"
        case .ipv4Truncated: "ipv4.pkt_too_small"
        case .ipv4BadVersion: "ipv4.wrong_ip_version"
        case .ipv4BadHeaderLength: "ipv4.hlen_too_small"
        case .ipv4BadTotalLength: "ipv4.iplen_smaller_than_hlen"
        case .ipv6Truncated: "ipv6.pkt_too_small"
        case .ipv6BadVersion: "ipv6.wrong_ip_version"
        case .ipv6BadPayloadLength: "ipv6.trunc_pkt"
        case .ipv6ExtensionTruncated: "ipv6.trunc_exthdr"
        case .fragmentTruncated: "fragment.pkt_too_small"
        case .fragmentUnmatched: "fragment.no_first_fragment"
        case .tcpTruncated: "tcp.pkt_too_small"
        case .tcpBadHeaderLength: "tcp.hlen_too_small"
        case .tcpBadOption: "tcp.opt_invalid_len"
        case .udpTruncated: "udp.pkt_too_small"
        case .udpBadLength: "udp.hlen_invalid"
        case .icmpTruncated: "icmpv4.pkt_too_small"
        case .icmpv6Truncated: "icmpv6.pkt_too_small"
        case .sctpTruncated: "sctp.pkt_too_small"
        case .arpTruncated: "arp.pkt_too_small"
        case .arpUnsupported: "arp.unsupported_hardware"
        case .loopbackTruncated: "ltnull.pkt_too_small"
        case .loopbackUnsupported: "ltnull.unsupported_type"
        case .pppoeTruncated: "pppoe.pkt_too_small"
        case .pppoeBadCode: "pppoe.wrong_code"
        case .pppTruncated: "ppp.pkt_too_small"
        case .mplsTruncated: "mpls.header_too_small"
        case .mplsUnknownPayload: "mpls.unknown_payload_type"
        case .greTruncated: "gre.pkt_too_small"
        case .greBadVersion: "gre.wrong_version"
        case .greBadRouting: "gre.version0_malformed_sre_hdr"
        case .greBadProtocol: "gre.version1_wrong_protocol"
        case .erspanTruncated: "erspan.header_too_small"
        case .erspanBadVersion: "erspan.unsupported_version"
        case .vxlanTruncated: "vxlan.pkt_too_small"
        case .geneveTruncated: "geneve.pkt_too_small"
        case .geneveUnknownPayload: "geneve.unknown_payload_type"
        case .gtpTruncated: "gtp.pkt_too_small"
        case .gtpUnknownPayload: "gtp.unknown_payload_type"
        }
    }
}
