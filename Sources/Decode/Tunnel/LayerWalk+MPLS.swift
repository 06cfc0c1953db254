// MPLS label stacks (RFC 3032), and what stands below them.

import NetTypes

extension LayerWalk {
    /// A label stack at `offset`. It does not say what it carries: the last label may, else the first bits do.
    mutating func mpls(_ counters: inout DecodeCounters) {
        counters.tunnels.mpls &+= 1
        var label: UInt32
        while true {
            guard offset + 4 <= end, reader.has(offset, 4) else { return fail(.mplsTruncated) }
            let entry = reader.load32(offset)
            offset += 4
            label = entry >> 12
            if entry & 0x100 != 0 { break }
            layers &+= 1
            guard layers <= PacketDecoder.maximumLayers else { return fail(.tooManyLayers) }
        }
        switch label {
        // Explicit null.
        case 0: next = .ipv4
        case 2: next = .ipv6
        default: next = belowLabels()
        }
        if next == .done { fail(.mplsUnknownPayload) }
    }

    private mutating func belowLabels() -> Next {
        guard offset < end, reader.has(offset, 1) else { return .done }
        switch reader.load8(offset) >> 4 {
        case 4 where !looksLikeEthernet: return .ipv4
        case 6 where !looksLikeEthernet: return .ipv6
        case 0 where reader.has(offset, 4) && !looksLikeEthernet:
            // The control word of a pseudowire (RFC 4385), then its frame.
            offset += 4
            return .ethernet
        default: return looksLikeEthernet ? .ethernet : .done
        }
    }

    /// Whether an Ethernet frame without control word starts here: by an EtherType that is read, as hardware addresses
    /// may begin with any bits.
    private var looksLikeEthernet: Bool {
        guard offset + 14 <= end, reader.has(offset, 14) else { return false }
        switch reader.load16(offset + 12) {
        case 0x0800, 0x86dd, 0x0806, 0x8100, 0x88a8:
            // An IP packet has an address here that could look the same; its length must fit then.
            return !looksLikeIP
        default: return false
        }
    }

    private var looksLikeIP: Bool {
        switch reader.load8(offset) >> 4 {
        case 4: return reader.load8(offset) & 15 >= 5 && offset + Int(reader.load16(offset + 2)) <= end
        case 6: return offset + 40 + Int(reader.load16(offset + 4)) <= end
        default: return false
        }
    }
}
