// A range of IP addresses that share their first bits.

/// An address prefix, such as `10.0.0.0/8`; bits beyond the length are zero.
@frozen
public struct IPPrefix: Hashable, Sendable {
    /// The first address of the range.
    public let address: IPAddress
    /// Bits that count: 0 to 32, or to 128 for IPv6.
    public let length: Int

    /// The range around an address; nil when the length does not fit the address's version.
    public init?(_ address: IPAddress, length: Int) {
        guard length >= 0, length <= address.bitWidth else { return nil }
        self.address = address.masked(to: length)
        self.length = length
    }

    /// One address alone.
    public init(_ address: IPAddress) {
        self.address = address
        length = address.bitWidth
    }

    public var isIPv6: Bool { address.isIPv6 }

    /// Whether the range is a single address.
    public var isHost: Bool { length == address.bitWidth }

    /// Whether an address lies in the range. An IPv4 address never lies in an IPv6 range.
    public func contains(_ other: IPAddress) -> Bool {
        other.isIPv6 == isIPv6 && other.masked(to: length) == address
    }

    /// Whether the two ranges have an address in common.
    public func overlaps(_ other: IPPrefix) -> Bool {
        length <= other.length ? contains(other.address) : other.contains(address)
    }
}

extension IPPrefix: CustomStringConvertible, LosslessStringConvertible {
    /// `10.0.0.0/8`; a single address stands alone.
    public var description: String { isHost ? "\(address)" : "\(address)/\(length)" }

    /// Always with the length, as routing daemons want it.
    public var longDescription: String { "\(address)/\(length)" }

    /// Reads an address, or an address and a length whose further bits are zero; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(String(parts[0])) else { return nil }
        guard parts.count == 2 else {
            self.init(address)
            return
        }
        guard parts[1].utf8.allSatisfy({ (48...57).contains($0) }), parts[1].utf8.count <= 3,
            let length = Int(parts[1]), let prefix = IPPrefix(address, length: length), prefix.address == address
        else { return nil }
        self = prefix
    }
}

extension IPPrefix: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let prefix = IPPrefix(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "'\(text)' is neither an address nor a prefix")
        }
        self = prefix
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension IPPrefix: Comparable {
    /// By address, then wider ranges first.
    public static func < (left: IPPrefix, right: IPPrefix) -> Bool {
        left.address != right.address ? left.address < right.address : left.length < right.length
    }
}

extension IPAddress {
    /// Bits of an address of this version.
    public var bitWidth: Int { isIPv6 ? 128 : 32 }

    /// The address with all bits after the first `length` set to zero.
    func masked(to length: Int) -> IPAddress {
        guard isIPv6 else {
            return IPAddress(high: 0, low: length == 0 ? 0 : low & (0xffff_ffff << UInt64(32 - length)), isIPv6: false)
        }
        if length <= 64 {
            return IPAddress(high: length == 0 ? 0 : high & (.max << UInt64(64 - length)), low: 0, isIPv6: true)
        }
        return IPAddress(high: high, low: low & (.max << UInt64(128 - length)), isIPv6: true)
    }
}
