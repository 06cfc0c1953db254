// ARP (RFC 826).

import NetTypes

extension LayerWalk {
    /// Checks an ARP packet; its content is read by `arpMessage` when somebody wants it.
    mutating func arp(_ counters: inout DecodeCounters) {
        counters.arp &+= 1
        guard reader.has(offset, 28) else { return fail(.arpTruncated) }
        // Ethernet (1) and IPv4 with addresses of 6 and 4 bytes; other hardware is rare and has no flow.
        guard reader.load16(offset) == 1, reader.load16(offset + 2) == 0x0800, reader.load16(offset + 4) == 0x0604
        else { return fail(.arpUnsupported) }
        summary.kind = .arp
        notice = .arp
        next = .done
    }

    /// An address of the Ethernet frame that carries the packet; zero without one.
    private func frameMAC(_ place: Int) -> MACAddress {
        ethernetHeader < 0 ? MACAddress(bits: 0) : reader.loadMAC(ethernetHeader + place)
    }

    /// The packet's content; nil when it is not there.
    func arpMessage() -> ARPMessage? {
        guard reader.has(offset, 28) else { return nil }
        return ARPMessage(
            operation: reader.load16(offset + 6), senderMAC: reader.loadMAC(offset + 8),
            senderIP: IPAddress(v4: reader.load32(offset + 14)), targetMAC: reader.loadMAC(offset + 18),
            targetIP: IPAddress(v4: reader.load32(offset + 24)), frameSource: frameMAC(6), frameDestination: frameMAC(0)
        )
    }
}
