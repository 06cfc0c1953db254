// IPv6 and its extension headers (RFC 8200).

import NetTypes

extension LayerWalk {
    mutating func ipv6(_ counters: inout DecodeCounters) {
        counters.ipv6 &+= 1
        guard reader.has(offset, 40) else { return fail(.ipv6Truncated) }
        let word = reader.load32(offset)
        guard word >> 28 == 6 else { return fail(.ipv6BadVersion) }
        header = offset
        setAddresses(
            IPAddress(high: reader.load64(offset + 8), low: reader.load64(offset + 16), isIPv6: true),
            IPAddress(high: reader.load64(offset + 24), low: reader.load64(offset + 32), isIPv6: true))
        summary.trafficClass = UInt8(truncatingIfNeeded: word >> 20)
        summary.timeToLive = reader.load8(offset + 7)
        let payloadLength = Int(reader.load16(offset + 4))
        // Zero announces a jumbogram or an offloaded packet: the frame's own length decides.
        if payloadLength > 0 {
            // Inside a first fragment there is less than the length says.
            guard offset + 40 + payloadLength <= end || summary.isFirstFragment else {
                return fail(.ipv6BadPayloadLength)
            }
            end = min(end, offset + 40 + payloadLength)
        }
        let header = reader.load8(offset + 6)
        offset += 40
        extensionHeaders(header, &counters)
    }

    /// Walks extension headers until a transport protocol, counting each as a layer.
    private mutating func extensionHeaders(_ first: UInt8, _ counters: inout DecodeCounters) {
        var header = first
        while true {
            switch header {
            case 0, 43, 60, 135, 139, 140:
                // Hop-by-hop, routing, destination options, mobility, HIP, shim6: length in units of 8 bytes.
                guard skipExtension(unit: 8, extra: 8, &header) else { return }
            case IPProtocol.ah:
                guard skipExtension(unit: 4, extra: 8, &header) else { return }
            case 44:
                guard reader.has(offset, 8) else { return fail(.ipv6ExtensionTruncated) }
                let fragment = reader.load16(offset + 2)
                let identification = reader.load32(offset + 4)
                header = reader.load8(offset)
                offset += 8
                // An atomic fragment (RFC 6946) is a whole packet.
                if fragment & 0xfff9 != 0 {
                    counters.ipv6Fragments &+= 1
                    if noteFragment(fragment >> 3, identification, header) { return }
                }
            default:
                next = .transport(header)
                return
            }
            layers &+= 1
            guard layers <= PacketDecoder.maximumLayers else { return fail(.tooManyLayers) }
        }
    }

    private mutating func skipExtension(unit: Int, extra: Int, _ header: inout UInt8) -> Bool {
        guard reader.has(offset, 2) else {
            fail(.ipv6ExtensionTruncated)
            return false
        }
        header = reader.load8(offset)
        offset += Int(reader.load8(offset + 1)) * unit + extra
        return true
    }
}
