// Packets made to try rules with.

import NetTypes

/// An Ethernet frame with addresses, protocol and ports as asked for.
public enum ProbeFrame {
    /// Builds a frame.
    ///
    /// - Parameters:
    ///   - length: of the IP packet; at least the headers are sent.
    ///   - codePoint: differentiated services code point, 0 to 63.
    ///   - to: hardware address of the receiving interface.
    public static func bytes(
        source: IPAddress, destination: IPAddress, transport: UInt8, sourcePort: UInt16, destinationPort: UInt16,
        codePoint: UInt8 = 0, length: Int, to hardware: MACAddress
    ) -> [UInt8] {
        var payload = [UInt8]()
        switch transport {
        case IPProtocol.tcp:
            // Acknowledgement number and flags as in the middle of a connection.
            payload = words(sourcePort, destinationPort, 0, 1, 0, 1, 0x5010, 0xffff, 0, 0)
        case IPProtocol.udp: payload = words(sourcePort, destinationPort, 0, 0)
        case IPProtocol.icmp: payload = words(0x0800, 0, 1, 1)
        case IPProtocol.icmpv6: payload = words(0x8000, 0, 1, 1)
        default: payload = words(0, 0, 0, 0)
        }
        let header = source.isIPv6 ? 40 : 20
        let missing = min(length, 65_000) - header - payload.count
        if missing > 0 { payload += [UInt8](repeating: 0, count: missing) }
        if transport == IPProtocol.udp { store(UInt16(payload.count), at: 4, in: &payload) }
        let packet =
            source.isIPv6
            ? version6(source, destination, transport, codePoint, payload)
            : version4(source, destination, transport, codePoint, payload)
        let target = (0..<6).map { UInt8(truncatingIfNeeded: hardware.bits >> (40 - 8 * UInt64($0))) }
        return target + [0x02, 0, 0, 0, 0, 0x01] + (source.isIPv6 ? [0x86, 0xdd] : [0x08, 0x00]) + packet
    }

    private static func version4(
        _ source: IPAddress, _ destination: IPAddress, _ transport: UInt8, _ codePoint: UInt8, _ payload: [UInt8]
    ) -> [UInt8] {
        var header = words(
            0x4500 | UInt16(codePoint) << 2, UInt16(20 + payload.count), 0, 0x4000, 0x4000 | UInt16(transport), 0)
        for address in [source, destination] {
            header += words(UInt16(truncatingIfNeeded: address.low >> 16), UInt16(truncatingIfNeeded: address.low))
        }
        var sum = stride(from: 0, to: 20, by: 2).reduce(UInt32(0)) {
            $0 + UInt32(header[$1]) << 8 + UInt32(header[$1 + 1])
        }
        while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
        store(~UInt16(truncatingIfNeeded: sum), at: 10, in: &header)
        return header + payload
    }

    private static func version6(
        _ source: IPAddress, _ destination: IPAddress, _ transport: UInt8, _ codePoint: UInt8, _ payload: [UInt8]
    ) -> [UInt8] {
        var header = words(
            0x6000 | UInt16(codePoint) << 6, 0, UInt16(payload.count), UInt16(transport) << 8 | 64)
        for word in [source.high, source.low, destination.high, destination.low] {
            header += words(
                UInt16(truncatingIfNeeded: word >> 48), UInt16(truncatingIfNeeded: word >> 32),
                UInt16(truncatingIfNeeded: word >> 16), UInt16(truncatingIfNeeded: word))
        }
        return header + payload
    }

    private static func words(_ values: UInt16...) -> [UInt8] {
        values.flatMap { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    }

    private static func store(_ value: UInt16, at index: Int, in bytes: inout [UInt8]) {
        bytes[index] = UInt8(truncatingIfNeeded: value >> 8)
        bytes[index + 1] = UInt8(truncatingIfNeeded: value)
    }
}
