// Link layers: Ethernet with VLAN tags, Linux cooked capture, loopback, raw IP.

import NetTypes

extension LayerWalk {
    /// Reads the link header.
    mutating func link(_ type: LinkType, _ counters: inout DecodeCounters) {
        switch type {
        case .ethernet: ethernet(&counters)
        case .linuxCooked: linuxCooked(&counters, headerLength: 16, protocolOffset: 14)
        case .linuxCooked2: linuxCooked(&counters, headerLength: 20, protocolOffset: 0)
        case .raw, .ipv4, .ipv6:
            counters.raw &+= 1
            rawIP()
        case .null, .loop: loopback(&counters)
        default: fail(.linkTypeUnsupported)
        }
    }

    /// IEEE 802.3 with an EtherType. Frames with a length field instead (LLC) have no flow.
    private mutating func ethernet(_ counters: inout DecodeCounters) {
        counters.ethernet &+= 1
        guard reader.has(0, 14) else { return fail(.linkTruncated) }
        summary.destinationMAC = reader.loadMAC(0)
        summary.sourceMAC = reader.loadMAC(6)
        offset = 14
        next = .etherType(reader.load16(12))
    }

    /// LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2.
    private mutating func linuxCooked(
        _ counters: inout DecodeCounters, headerLength: Int, protocolOffset: Int
    ) {
        counters.linuxCooked &+= 1
        guard reader.has(0, headerLength) else { return fail(.linkTruncated) }
        offset = headerLength
        next = .etherType(reader.load16(protocolOffset))
    }

    /// LINKTYPE_NULL and LINKTYPE_LOOP: an address family in some host's byte order, then IP.
    private mutating func loopback(_ counters: inout DecodeCounters) {
        counters.raw &+= 1
        guard reader.has(0, 5) else { return fail(.linkTruncated) }
        offset = 4
        rawIP()
    }

    /// IP by the version in its first byte.
    private mutating func rawIP() {
        guard reader.has(offset, 1) else { return fail(.linkTruncated) }
        switch reader.load8(offset) >> 4 {
        case 4: next = .ipv4
        case 6: next = .ipv6
        default: fail(.ipv4BadVersion)
        }
    }

    /// What an EtherType announces, at `offset`.
    mutating func etherType(_ type: UInt16, _ counters: inout DecodeCounters) {
        switch type {
        case 0x0800: next = .ipv4
        case 0x86dd: next = .ipv6
        case 0x8100, 0x88a8, 0x9100: vlan(&counters)
        case 0x0806: arp(&counters)
        default: next = .done
        }
    }

    /// An IEEE 802.1Q tag. The two outermost identifiers are kept; more are walked through.
    private mutating func vlan(_ counters: inout DecodeCounters) {
        guard reader.has(offset, 4) else { return fail(.vlanTruncated) }
        let identifier = reader.load16(offset) & 0x0fff | FlowKey.vlanPresent
        if summary.key.outerVLAN == 0 {
            summary.key.outerVLAN = identifier
            counters.vlan &+= 1
        } else if summary.key.innerVLAN == 0 {
            summary.key.innerVLAN = identifier
            counters.qinq &+= 1
        }
        next = .etherType(reader.load16(offset + 2))
        offset += 4
    }
}
