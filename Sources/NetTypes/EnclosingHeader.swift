// Reads an IP header again that the decoder has already passed.

/// Addresses and payload protocol of an IP header that encloses the innermost packet, or that was fragmented.
///
/// Such headers are needed rarely: when a flow opens in a tunnel, and for fragments. Reading them again then costs less
/// than carrying them with every packet.
struct EnclosingHeader {
    let source: IPAddress
    let destination: IPAddress
    /// What follows: behind IPv6, behind its extension headers as far as they are captured.
    private(set) var transport: UInt8
    /// Where that starts.
    private(set) var length: Int

    /// - Parameter bytes: the header and what follows it; nil when its fixed part is not there.
    init?(_ bytes: UnsafeRawBufferPointer) {
        func word(_ offset: Int) -> UInt64 {
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        switch (bytes.first ?? 0) >> 4 {
        case 4 where bytes.count >= 20:
            let addresses = word(12)
            source = IPAddress(v4: UInt32(addresses >> 32))
            destination = IPAddress(v4: UInt32(truncatingIfNeeded: addresses))
            transport = bytes[9]
            length = Int(bytes[0] & 15) * 4
        case 6 where bytes.count >= 40:
            source = IPAddress(high: word(8), low: word(16), isIPv6: true)
            destination = IPAddress(high: word(24), low: word(32), isIPv6: true)
            transport = bytes[6]
            length = 40
            // Hop-by-hop, routing, fragment and destination options (RFC 8200 section 4).
            while [0, 43, 44, 60].contains(transport), length + 8 <= bytes.count {
                let unit = transport == 44 ? 0 : Int(bytes[length + 1])
                transport = bytes[length]
                length += unit * 8 + 8
            }
        default: return nil
        }
    }
}
