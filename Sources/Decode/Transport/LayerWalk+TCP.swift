// TCP (RFC 9293) and the options the flow table wants.

import NetTypes

extension LayerWalk {
    mutating func tcp(_ counters: inout DecodeCounters) {
        counters.tcp &+= 1
        guard reader.has(offset, 4), end >= offset + 20 else { return fail(.tcpTruncated) }
        keyFlow(IPProtocol.tcp, reader.load16(offset), reader.load16(offset + 2))
        // A snap length may cut the header anywhere behind the ports; such a packet counts, with what is known.
        guard reader.has(offset, 20) else { return }
        let lengthAndFlags = reader.load16(offset + 12)
        let headerLength = Int(lengthAndFlags >> 12) * 4
        summary.sequence = reader.load32(offset + 4)
        summary.acknowledgment = reader.load32(offset + 8)
        summary.tcpFlags = TCPFlags(rawValue: UInt8(truncatingIfNeeded: lengthAndFlags))
        summary.window = reader.load16(offset + 14)
        guard headerLength >= 20, offset + headerLength <= end else { return fail(.tcpBadHeaderLength) }
        setPayload(from: offset + headerLength)
        if summary.tcpFlags.contains(.syn), headerLength > 20 {
            tcpOptions(from: offset + 20, to: min(offset + headerLength, reader.count))
        }
    }

    /// Reads the maximum segment size of a SYN.
    private mutating func tcpOptions(from start: Int, to limit: Int) {
        var position = start
        while position < limit {
            let kind = reader.load8(position)
            if kind == 0 { return }
            if kind == 1 {
                position += 1
                continue
            }
            guard position + 1 < limit else { return }
            let length = Int(reader.load8(position + 1))
            guard length >= 2 else { return fail(.tcpBadOption) }
            if kind == 2, length == 4, position + 4 <= limit {
                summary.maximumSegmentSize = reader.load16(position + 2)
            }
            position += length
        }
    }
}
