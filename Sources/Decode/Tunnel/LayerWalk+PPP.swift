// PPP (RFC 1661) and its sessions over Ethernet (RFC 2516).

import NetTypes

extension LayerWalk {
    /// A PPPoE session frame at `offset`.
    mutating func pppoe(_ counters: inout DecodeCounters) {
        counters.tunnels.pppoe &+= 1
        guard offset + 6 <= end, reader.has(offset, 6) else { return fail(.pppoeTruncated) }
        guard reader.load16(offset) == 0x1100 else { return fail(.pppoeBadCode) }
        let length = Int(reader.load16(offset + 4))
        offset += 6
        guard offset + length <= end else { return fail(.pppoeTruncated) }
        end = offset + length
        next = .ppp
    }

    /// A PPP frame at `offset`, with or without address and control field, its protocol in one byte or two.
    mutating func ppp(_ counters: inout DecodeCounters) {
        counters.tunnels.ppp &+= 1
        if reader.has(offset, 2), offset + 2 <= end, reader.load16(offset) == 0xff03 { offset += 2 }
        guard offset < end, reader.has(offset, 1) else { return fail(.pppTruncated) }
        var carried = UInt16(reader.load8(offset))
        offset += 1
        if carried & 1 == 0 {
            guard offset < end, reader.has(offset, 1) else { return fail(.pppTruncated) }
            carried = carried << 8 | UInt16(reader.load8(offset))
            offset += 1
        }
        switch carried {
        case 0x0021: next = .ipv4
        case 0x0057: next = .ipv6
        case 0x0281, 0x0283: next = .mpls
        // Link and network control, authentication, compressed and encrypted packets: no flow inside.
        default: next = .done
        }
    }
}
