// GRE (RFC 2784, 2890, 1701), its version for PPTP (RFC 2637), and ERSPAN in it.

import NetTypes

extension LayerWalk {
    private enum Flag {
        static let checksum: UInt16 = 0x8000
        static let routing: UInt16 = 0x4000
        static let key: UInt16 = 0x2000
        static let sequence: UInt16 = 0x1000
        /// Version 1 only.
        static let acknowledgment: UInt16 = 0x0080
    }

    private enum Carried {
        static let ppp: UInt16 = 0x880b
        static let ethernet: UInt16 = 0x6558
        /// ERSPAN types I and II, told apart by the sequence number; type III.
        static let erspan: UInt16 = 0x88be
        static let erspan3: UInt16 = 0x22eb
    }

    mutating func gre(_ counters: inout DecodeCounters) {
        counters.tunnels.gre &+= 1
        guard offset + 4 <= end, reader.has(offset, 4) else { return fail(.greTruncated) }
        let flags = reader.load16(offset)
        let carried = reader.load16(offset + 2)
        switch flags & 7 {
        case 0:
            offset += 4
            if flags & (Flag.checksum | Flag.routing) != 0 { offset += 4 }
            if flags & Flag.key != 0 { offset += 4 }
            if flags & Flag.sequence != 0 { offset += 4 }
            if flags & Flag.routing != 0, !skipRouting() { return fail(.greBadRouting) }
            guard offset <= end, offset <= reader.count else { return fail(.greTruncated) }
            greContent(carried, hasSequence: flags & Flag.sequence != 0, &counters)
        case 1:
            guard carried == Carried.ppp else { return fail(.greBadProtocol) }
            guard offset + 8 <= end, reader.has(offset, 8) else { return fail(.greTruncated) }
            let length = Int(reader.load16(offset + 4))
            offset += 8
            if flags & Flag.acknowledgment != 0 { offset += 4 }
            // Without a sequence number it carries nothing but the acknowledgment.
            guard flags & Flag.sequence != 0, length > 0 else { return }
            offset += 4
            guard offset + length <= end || summary.isFirstFragment else { return fail(.greTruncated) }
            end = min(end, offset + length)
            enter(.gre, .ppp, &counters)
        default: fail(.greBadVersion)
        }
    }

    /// Passes over source route entries (RFC 1701), the last of which is empty.
    private mutating func skipRouting() -> Bool {
        while true {
            guard offset + 4 <= end, reader.has(offset, 4) else { return false }
            let family = reader.load16(offset)
            let length = Int(reader.load8(offset + 3))
            offset += 4 + length
            if family == 0, length == 0 { return true }
            layers &+= 1
            guard layers <= PacketDecoder.maximumLayers else { return false }
        }
    }

    private mutating func greContent(_ carried: UInt16, hasSequence: Bool, _ counters: inout DecodeCounters) {
        switch carried {
        case Carried.ethernet: enter(.gre, .ethernet, &counters)
        case Carried.ppp: enter(.gre, .ppp, &counters)
        case Carried.erspan where !hasSequence:
            counters.tunnels.erspan &+= 1
            enter(.erspan, .ethernet, &counters)
        case Carried.erspan: erspan(version: 1, length: 8, &counters)
        case Carried.erspan3: erspan(version: 2, length: 12, &counters)
        case 0x0800, 0x86dd, 0x8100, 0x88a8, 0x8847, 0x8848: enter(.gre, .etherType(carried), &counters)
        // Anything else, such as the keepalives of routers, is a flow of GRE between the two ends.
        default: break
        }
    }

    /// ERSPAN types II and III (draft-foschiano-erspan-03): a header, then the mirrored frame.
    private mutating func erspan(version: UInt8, length: Int, _ counters: inout DecodeCounters) {
        counters.tunnels.erspan &+= 1
        guard offset + length <= end, reader.has(offset, length) else { return fail(.erspanTruncated) }
        guard reader.load8(offset) >> 4 == version else { return fail(.erspanBadVersion) }
        let hasSubheader = version == 2 && reader.load8(offset + 11) & 1 == 1
        // Type III can also mirror bare IP packets: its frame type is 2 then.
        let isIP = version == 2 && reader.load8(offset + 10) >> 2 & 0x1f == 2
        offset += length + (hasSubheader ? 8 : 0)
        guard offset <= end, offset <= reader.count else { return fail(.erspanTruncated) }
        if isIP, enterIP(.erspan, &counters) { return }
        enter(.erspan, .ethernet, &counters)
    }
}
