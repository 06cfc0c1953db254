// An IPv4 or IPv6 address as two machine words.

/// An IP address of either version.
///
/// IPv4 addresses keep their 32 bits in the low word; the version is a field of its own, so that `::ffff:10.0.0.1` on
/// the wire and `10.0.0.1` stay different hosts.
@frozen
public struct IPAddress: Hashable, Sendable {
    /// Bits 127 to 64 of an IPv6 address, in host byte order; zero for IPv4.
    public var high: UInt64
    /// Bits 63 to 0 of an IPv6 address, or the 32 bits of an IPv4 address.
    public var low: UInt64
    /// Whether this is an IPv6 address.
    public var isIPv6: Bool

    @inlinable
    public init(high: UInt64, low: UInt64, isIPv6: Bool) {
        self.high = high
        self.low = low
        self.isIPv6 = isIPv6
    }

    /// An IPv4 address from its 32 bits in host byte order.
    @inlinable
    public init(v4 bits: UInt32) {
        self.init(high: 0, low: UInt64(bits), isIPv6: false)
    }

    /// Whether the address is a multicast group or the IPv4 limited broadcast.
    @inlinable
    public var isMulticastOrBroadcast: Bool {
        if isIPv6 { return high >> 56 == 0xff }
        return low >> 28 == 0xe || low == 0xffff_ffff
    }

    /// Whether the address lies in a private, link-local, loopback or unique-local range (RFC 1918, 3927, 4193, 4291).
    @inlinable
    public var isPrivate: Bool {
        if isIPv6 {
            return high >> 57 == 0xfc >> 1 || high >> 54 == 0xfe80 >> 6 || (high == 0 && low == 1)
        }
        let bits = UInt32(truncatingIfNeeded: low)
        return bits >> 24 == 10 || bits >> 20 == 0xac1 || bits >> 16 == 0xc0a8 || bits >> 16 == 0xa9fe
            || bits >> 24 == 127
    }
}

extension IPAddress: Comparable {
    /// IPv4 before IPv6, then by value.
    @inlinable
    public static func < (left: IPAddress, right: IPAddress) -> Bool {
        if left.isIPv6 != right.isIPv6 { return !left.isIPv6 }
        return left.high != right.high ? left.high < right.high : left.low < right.low
    }
}
