// Link layers: Ethernet with VLAN tags, Linux cooked capture, BSD loopback, raw IP.

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
        ethernetHeader = 0
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

    /// LINKTYPE_NULL and LINKTYPE_LOOP: an address family of the capturing system, then the packet. NULL has it in that
    /// system's byte order, LOOP in network order; both are told apart by where the small number stands.
    private mutating func loopback(_ counters: inout DecodeCounters) {
        counters.loopback &+= 1
        guard reader.has(0, 4) else { return fail(.loopbackTruncated) }
        let word = reader.load32(0)
        offset = 4
        switch word > 0xffff ? word.byteSwapped : word {
        case 2: next = .ipv4
        // AF_INET6 of Linux, of NetBSD and OpenBSD, of FreeBSD, of Darwin.
        case 10, 24, 28, 30: next = .ipv6
        default: fail(.loopbackUnsupported)
        }
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

    /// An Ethernet frame at `offset`, inside another packet. Its own tags take the place of those outside.
    mutating func innerEthernet(_ counters: inout DecodeCounters) {
        counters.ethernet &+= 1
        guard offset + 14 <= end, reader.has(offset, 14) else { return fail(.linkTruncated) }
        ethernetHeader = offset
        summary.destinationMAC = reader.loadMAC(offset)
        summary.sourceMAC = reader.loadMAC(offset + 6)
        next = .etherType(reader.load16(offset + 12))
        offset += 14
    }

    /// What an EtherType announces, at `offset`.
    mutating func etherType(_ type: UInt16, _ counters: inout DecodeCounters) {
        switch type {
        case 0x0800: next = .ipv4
        case 0x86dd: next = .ipv6
        case 0x8100, 0x88a8, 0x9100: vlan(&counters)
        case 0x0806: arp(&counters)
        case 0x8847, 0x8848: next = .mpls
        case 0x8864: pppoe(&counters)
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
