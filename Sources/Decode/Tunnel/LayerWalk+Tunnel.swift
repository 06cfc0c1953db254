// Packets inside packets: how decoding goes on behind a tunnel's header.

import NetTypes

extension LayerWalk {
    /// Most tunnel headers that a key can count; the limit on layers is reached first.
    private static let maximumDepth: UInt8 = 15

    /// An IP protocol that carries packets; its header, if it has one, is at `offset`. The packet is already part of a
    /// flow between the outer addresses, and stays it when nothing inside makes a flow.
    @inline(never)
    mutating func tunnel(_ number: UInt8, _ counters: inout DecodeCounters) {
        switch number {
        case IPProtocol.ipv4:
            if source.isIPv6 { counters.tunnels.ipv4InIPv6 &+= 1 } else { counters.tunnels.ipv4InIPv4 &+= 1 }
            enter(.ipv4, .ipv4, &counters)
        case IPProtocol.ipv6:
            if source.isIPv6 { counters.tunnels.ipv6InIPv6 &+= 1 } else { counters.tunnels.ipv6InIPv4 &+= 1 }
            enter(.ipv6, .ipv6, &counters)
        case IPProtocol.gre: gre(&counters)
        default: enter(.mpls, .mpls, &counters)
        }
    }

    /// Reads what a tunnel carries, at `offset`.
    ///
    /// When it gives a flow, the packet is of that flow. Otherwise it stays what it was outside, with the fault that was
    /// found inside.
    mutating func enter(_ kind: TunnelKind, _ content: Next, _ counters: inout DecodeCounters) {
        guard summary.key.tunnelDepth < Self.maximumDepth else { return fail(.tooManyLayers) }
        let outside = self
        if summary.tunnelKind == .none { summary.outerHeader = UInt16(truncatingIfNeeded: header) }
        summary.tunnelKind = kind
        summary.kind = .other
        summary.key.shape += 1
        summary.key.outerVLAN = 0
        summary.key.innerVLAN = 0
        summary.payloadLength = 0
        summary.payloadCaptured = 0
        summary.payloadOffset = UInt32(truncatingIfNeeded: min(offset, reader.count))
        next = content
        walk(&counters)
        guard summary.kind != .flow && summary.kind != .laterFragment else { return }
        let inside = self
        self = outside
        summary.fault = inside.summary.fault
        next = .done
        layers = inside.layers
        // What is published beside the flow is read where the walk inside stopped.
        notice = inside.notice
        if notice != .none {
            offset = inside.offset
            ethernetHeader = inside.ethernetHeader
        }
    }

    /// IP by the version in the first byte, behind headers that do not say which; false when it is neither.
    mutating func enterIP(_ kind: TunnelKind, _ counters: inout DecodeCounters) -> Bool {
        guard offset < end, reader.has(offset, 1) else { return false }
        switch reader.load8(offset) >> 4 {
        case 4: enter(kind, .ipv4, &counters)
        case 6: enter(kind, .ipv6, &counters)
        default: return false
        }
        return true
    }
}
