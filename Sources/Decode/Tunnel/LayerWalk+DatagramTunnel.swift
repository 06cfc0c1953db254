// Tunnels in UDP: VXLAN, Geneve, GTP-U, Teredo.

import NetTypes

extension LayerWalk {
    /// Ports by which a tunnel is looked for.
    private enum Port {
        static let gtp: UInt16 = 2152
        static let teredo: UInt16 = 3544
        static let vxlan: UInt16 = 4789
        static let vxlanGPE: UInt16 = 4790
        static let geneve: UInt16 = 6081
        /// What Linux took before there was an assigned port.
        static let vxlanLinux: UInt16 = 8472
    }

    /// Whether a datagram between these ports may carry a packet.
    @inline(__always)
    static func isTunnelPort(destination: UInt16, source: UInt16) -> Bool {
        switch destination {
        case Port.gtp, Port.teredo, Port.vxlan, Port.vxlanGPE, Port.geneve, Port.vxlanLinux: true
        default: source == Port.teredo
        }
    }

    /// A datagram on such a port; its payload is at `offset`. What does not look like the tunnel's header is the payload of
    /// an ordinary flow.
    @inline(never)
    mutating func datagramTunnel(_ port: UInt16, _ counters: inout DecodeCounters) {
        switch port {
        case Port.vxlan, Port.vxlanLinux, Port.vxlanGPE: vxlan(isExtended: port == Port.vxlanGPE, &counters)
        case Port.geneve: geneve(&counters)
        case Port.gtp: gtp(&counters)
        default: teredo(&counters)
        }
    }

    /// VXLAN (RFC 7348), with the group policy bit, and its generic extension on a port of its own
    /// (draft-ietf-nvo3-vxlan-gpe-13).
    private mutating func vxlan(isExtended: Bool, _ counters: inout DecodeCounters) {
        guard reader.has(offset, 8), offset + 8 <= end else { return }
        let flags = reader.load8(offset)
        guard flags & 0x08 != 0, reader.load8(offset + 7) == 0, isExtended || flags & 0x77 == 0 else { return }
        counters.tunnels.vxlan &+= 1
        let carried = isExtended && flags & 0x04 != 0 ? reader.load8(offset + 3) : 3
        offset += 8
        guard offset < end else { return fail(.vxlanTruncated) }
        switch carried {
        case 1: enter(.vxlan, .ipv4, &counters)
        case 2: enter(.vxlan, .ipv6, &counters)
        case 3: enter(.vxlan, .ethernet, &counters)
        case 5: enter(.vxlan, .mpls, &counters)
        default: break
        }
    }

    /// Geneve (RFC 8926).
    private mutating func geneve(_ counters: inout DecodeCounters) {
        guard reader.has(offset, 8), offset + 8 <= end else { return }
        let version = reader.load8(offset) >> 6
        guard version == 0, reader.load8(offset + 1) & 0x3f == 0, reader.load8(offset + 7) == 0 else { return }
        counters.tunnels.geneve &+= 1
        let isControl = reader.load8(offset + 1) & 0x80 != 0
        let carried = reader.load16(offset + 2)
        offset += 8 + Int(reader.load8(offset) & 0x3f) * 4
        guard offset <= end else { return fail(.geneveTruncated) }
        // Control messages carry no packet of a user.
        guard !isControl, offset < end else { return }
        switch carried {
        case 0x6558: enter(.geneve, .ethernet, &counters)
        case 0x0800, 0x86dd, 0x8847, 0x8848: enter(.geneve, .etherType(carried), &counters)
        default: fail(.geneveUnknownPayload)
        }
    }

    /// GTP version 1, user plane (3GPP TS 29.281 section 5).
    private mutating func gtp(_ counters: inout DecodeCounters) {
        guard reader.has(offset, 8), offset + 8 <= end else { return }
        let flags = reader.load8(offset)
        let kind = reader.load8(offset + 1)
        let length = Int(reader.load16(offset + 2))
        // Version 1 and not GTP'; only G-PDU (255) carries a packet.
        guard flags >> 4 & 0b1111 == 0b0011, kind == 255 else { return }
        counters.tunnels.gtp &+= 1
        offset += 8
        guard offset + length <= end || summary.isFirstFragment else { return fail(.gtpTruncated) }
        end = min(end, offset + length)
        if flags & 0b111 != 0 {
            guard reader.has(offset, 4), offset + 4 <= end else { return fail(.gtpTruncated) }
            var extensionType = flags & 0b100 != 0 ? reader.load8(offset + 3) : 0
            offset += 4
            while extensionType != 0 {
                guard reader.has(offset, 1), offset < end else { return fail(.gtpTruncated) }
                let size = Int(reader.load8(offset)) * 4
                guard size > 0, reader.has(offset, size), offset + size <= end else { return fail(.gtpTruncated) }
                extensionType = reader.load8(offset + size - 1)
                offset += size
                layers &+= 1
                guard layers <= PacketDecoder.maximumLayers else { return fail(.tooManyLayers) }
            }
        }
        guard offset < end else { return }
        if !enterIP(.gtp, &counters) { fail(.gtpUnknownPayload) }
    }

    /// Teredo (RFC 4380 section 5.1.1): IPv6 behind an authentication and an origin header, each of which may be absent.
    /// Taken for it only when the IPv6 packet fills the rest exactly.
    private mutating func teredo(_ counters: inout DecodeCounters) {
        if reader.has(offset, 4), reader.load16(offset) == 1 {
            offset += 4 + Int(reader.load8(offset + 2)) + Int(reader.load8(offset + 3)) + 9
        }
        if reader.has(offset, 2), reader.load16(offset) == 0 { offset += 8 }
        guard reader.has(offset, 40), reader.load8(offset) >> 4 == 6 else { return }
        let length = Int(reader.load16(offset + 4))
        // Trailers (RFC 6081) may follow.
        guard offset + 40 + length <= end else { return }
        counters.tunnels.teredo &+= 1
        enter(.teredo, .ipv6, &counters)
    }
}
