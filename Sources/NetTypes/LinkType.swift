// Link-layer header types of capture files.

/// The link-layer header type of an interface, by its number in the registry of tcpdump.org (LINKTYPE_*).
@frozen
public struct LinkType: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt16

    @inlinable
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// BSD loopback: 4 bytes of address family in the byte order of the capturing host.
    @inlinable public static var null: LinkType { LinkType(rawValue: 0) }
    @inlinable public static var ethernet: LinkType { LinkType(rawValue: 1) }
    /// IPv4 or IPv6 without a link header.
    @inlinable public static var raw: LinkType { LinkType(rawValue: 101) }
    /// BSD loopback in network byte order.
    @inlinable public static var loop: LinkType { LinkType(rawValue: 108) }
    /// Linux cooked capture v1.
    @inlinable public static var linuxCooked: LinkType { LinkType(rawValue: 113) }
    /// IPv4 only, without a link header.
    @inlinable public static var ipv4: LinkType { LinkType(rawValue: 228) }
    /// IPv6 only, without a link header.
    @inlinable public static var ipv6: LinkType { LinkType(rawValue: 229) }
    /// Linux cooked capture v2.
    @inlinable public static var linuxCooked2: LinkType { LinkType(rawValue: 276) }

    /// The types that `Decode` understands.
    public static let supported: [LinkType] = [
        .ethernet, .raw, .ipv4, .ipv6, .linuxCooked, .linuxCooked2, .null, .loop,
    ]
}
