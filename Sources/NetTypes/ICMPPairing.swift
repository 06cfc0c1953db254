// Which ICMP types answer which.

/// Pairs of ICMP request and reply types, as Community ID v1 defines them.
public enum ICMPPairing {
    /// The type that answers, or is answered by, an ICMP type; nil for types that stand alone.
    public static func counterpart(ofICMP type: UInt8) -> UInt8? {
        switch type {
        case 0: 8
        case 8: 0
        case 9: 10
        case 10: 9
        case 13: 14
        case 14: 13
        case 15: 16
        case 16: 15
        case 17: 18
        case 18: 17
        default: nil
        }
    }

    /// The same for ICMPv6.
    public static func counterpart(ofICMPv6 type: UInt8) -> UInt8? {
        switch type {
        case 128: 129
        case 129: 128
        case 130: 131
        case 131: 130
        case 133: 134
        case 134: 133
        case 135: 136
        case 136: 135
        case 139: 140
        case 140: 139
        case 144: 145
        case 145: 144
        default: nil
        }
    }
}
