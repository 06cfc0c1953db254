// Packets built byte by byte.

import NetTypes

/// Builds Ethernet frames for tests. Checksums are left zero: nothing here verifies them.
public struct PacketBytes {
    /// Ethernet header with optional VLAN identifiers, outermost first.
    public static func ethernet(
        _ etherType: UInt16, vlans: [UInt16] = [], source: UInt64 = 0x0200_0000_0001,
        destination: UInt64 = 0x0200_0000_0002, payload: [UInt8]
    ) -> [UInt8] {
        var bytes = big(destination, 6) + big(source, 6)
        for (index, vlan) in vlans.enumerated() {
            bytes += big(UInt64(index == 0 && vlans.count > 1 ? 0x88a8 : 0x8100), 2) + big(UInt64(vlan), 2)
        }
        return bytes + big(UInt64(etherType), 2) + payload
    }

    /// IPv4 packet. `fragment` is the whole flags-and-offset field.
    public static func ipv4(
        _ source: String, _ destination: String, _ transport: UInt8, timeToLive: UInt8 = 64, identification: UInt16 = 0,
        fragment: UInt16 = 0, options: [UInt8] = [], payload: [UInt8]
    ) -> [UInt8] {
        precondition(options.count % 4 == 0)
        let headerLength = 20 + options.count
        return [UInt8(0x40 + headerLength / 4), 0] + big(UInt64(headerLength + payload.count), 2)
            + big(UInt64(identification), 2) + big(UInt64(fragment), 2) + [timeToLive, transport, 0, 0]
            + big(IPAddress(source)!.low, 4) + big(IPAddress(destination)!.low, 4) + options + payload
    }

    /// IPv6 packet; extension headers are part of the payload.
    public static func ipv6(
        _ source: String, _ destination: String, _ next: UInt8, hopLimit: UInt8 = 64, payload: [UInt8]
    ) -> [UInt8] {
        let from = IPAddress(source)!
        let to = IPAddress(destination)!
        return [0x60, 0, 0, 0] + big(UInt64(payload.count), 2) + [next, hopLimit] + big(from.high, 8) + big(from.low, 8)
            + big(to.high, 8) + big(to.low, 8) + payload
    }

    public static func tcp(
        _ source: UInt16, _ destination: UInt16, sequence: UInt32 = 0, acknowledgment: UInt32 = 0, flags: TCPFlags,
        window: UInt16 = 65535, options: [UInt8] = [], payload: [UInt8] = []
    ) -> [UInt8] {
        precondition(options.count % 4 == 0)
        return big(UInt64(source), 2) + big(UInt64(destination), 2) + big(UInt64(sequence), 4)
            + big(UInt64(acknowledgment), 4) + [UInt8(((20 + options.count) / 4) << 4), flags.rawValue]
            + big(UInt64(window), 2) + [0, 0, 0, 0] + options + payload
    }

    public static func udp(_ source: UInt16, _ destination: UInt16, payload: [UInt8] = []) -> [UInt8] {
        big(UInt64(source), 2) + big(UInt64(destination), 2) + big(UInt64(8 + payload.count), 2) + [0, 0] + payload
    }

    public static func icmp(_ type: UInt8, _ code: UInt8, payload: [UInt8] = [0, 0, 0, 0]) -> [UInt8] {
        [type, code, 0, 0] + payload
    }

    /// The low `count` bytes of a number, most significant first.
    public static func big(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * (count - 1 - $0))) }
    }
}
