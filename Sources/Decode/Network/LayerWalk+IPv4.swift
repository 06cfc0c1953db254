// IPv4 (RFC 791).

import NetTypes

extension LayerWalk {
    mutating func ipv4(_ counters: inout DecodeCounters) {
        counters.ipv4 &+= 1
        guard reader.has(offset, 20) else { return fail(.ipv4Truncated) }
        let versionAndLength = reader.load8(offset)
        guard versionAndLength >> 4 == 4 else { return fail(.ipv4BadVersion) }
        let headerLength = Int(versionAndLength & 15) * 4
        guard headerLength >= 20 else { return fail(.ipv4BadHeaderLength) }
        var totalLength = Int(reader.load16(offset + 2))
        // Segmentation offload leaves zero in packets captured before the card fills it in.
        if totalLength == 0 { totalLength = end - offset }
        guard totalLength >= headerLength else { return fail(.ipv4BadTotalLength) }
        header = offset
        setAddresses(IPAddress(v4: reader.load32(offset + 12)), IPAddress(v4: reader.load32(offset + 16)))
        end = min(end, offset + totalLength)
        summary.trafficClass = reader.load8(offset + 1)
        summary.timeToLive = reader.load8(offset + 8)
        let fragment = reader.load16(offset + 6)
        let transport = reader.load8(offset + 9)
        let identification = UInt32(reader.load16(offset + 4))
        guard reader.hadOnWire(offset, headerLength) else { return fail(.ipv4Truncated) }
        offset += headerLength
        if fragment & 0x3fff != 0 {
            counters.ipv4Fragments &+= 1
            guard !noteFragment(fragment & 0x1fff, identification, transport) else { return }
        }
        next = .transport(transport)
    }

    /// Notes a fragment. Returns true for later ones, which have no transport header: the fragment cache finds their
    /// ports.
    mutating func noteFragment(_ fragmentOffset: UInt16, _ identification: UInt32, _ transport: UInt8) -> Bool {
        summary.fragmentIdentification = identification
        summary.fragmentHeader = UInt16(truncatingIfNeeded: header)
        guard fragmentOffset != 0 else {
            summary.isFirstFragment = true
            summary.payloadOffset = UInt32(truncatingIfNeeded: min(offset, reader.count))
            return false
        }
        summary.kind = .laterFragment
        summary.key.transport = transport
        setPayload(from: offset)
        // Bytes from the middle of a datagram would mislead the application parsers.
        summary.payloadCaptured = 0
        next = .done
        return true
    }
}
