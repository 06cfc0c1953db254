// Which addresses are the site's own.

/// The one answer to "is this address inside?".
///
/// Private, link-local, unique-local and loopback ranges are inside. A site with public addresses names its ranges, which
/// are inside as well, and may take ranges out that are not its own although they are private: those of a partner behind
/// a tunnel, say. Of several ranges that hold an address the narrowest decides. Groups (multicast, broadcast) are no hosts
/// and lie neither inside nor outside: whoever asks treats them first.
///
/// Asking allocates nothing and walks a list of a dozen ranges in ordinary sites; without named ranges it is
/// `IPAddress.isPrivate`.
public struct HomeNetworks: Sendable, Hashable {
    /// A range, and what it says of its addresses.
    @usableFromInline
    struct Entry: Sendable, Hashable {
        @usableFromInline let range: IPPrefix
        @usableFromInline let highMask: UInt64
        @usableFromInline let lowMask: UInt64
        @usableFromInline let isInside: Bool
        /// Whether the operator named it.
        let isNamed: Bool

        init(_ range: IPPrefix, isInside: Bool, isNamed: Bool) {
            self.range = range
            let mask = IPAddress(high: .max, low: .max, isIPv6: true).masked(to: range.isIPv6 ? range.length : 128)
            highMask = range.isIPv6 ? mask.high : 0
            lowMask = range.isIPv6 ? mask.low : ~(0xffff_ffff >> UInt64(range.length))
            self.isInside = isInside
            self.isNamed = isNamed
        }

        @inlinable
        func contains(_ address: IPAddress) -> Bool {
            address.isIPv6 == range.address.isIPv6 && address.low & lowMask == range.address.low
                && address.high & highMask == range.address.high
        }
    }

    /// The narrowest first; empty unless ranges were named.
    @usableFromInline let entries: [Entry]

    /// Ranges that are inside unless a narrower one says otherwise: what `IPAddress.isPrivate` covers.
    public static let privateRanges: [IPPrefix] = [
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7", "fe80::/10",
        "::1",
    ].compactMap { IPPrefix($0) }

    /// A site whose addresses are all private.
    public static let privateAlone = HomeNetworks(inside: [], outside: [])

    /// - Parameters:
    ///   - inside: ranges that are the site's own besides the private ones.
    ///   - outside: ranges that are not although they are private, or lie in one of the others.
    init(inside: Set<IPPrefix>, outside: Set<IPPrefix>) {
        precondition(inside.isDisjoint(with: outside), "a range lies either inside or outside")
        guard !inside.isEmpty || !outside.isEmpty else {
            entries = []
            return
        }
        let others = Self.privateRanges.filter { !inside.contains($0) && !outside.contains($0) }
        let all =
            inside.map { Entry($0, isInside: true, isNamed: true) }
            + outside.map { Entry($0, isInside: false, isNamed: true) }
            + others.map { Entry($0, isInside: true, isNamed: false) }
        entries = all.sorted {
            ($1.range.length, $0.range.address) < ($0.range.length, $1.range.address)
        }
    }

    /// Whether an address is the site's own.
    @inlinable
    public func contain(_ address: IPAddress) -> Bool {
        if entries.isEmpty { return address.isPrivate }
        for entry in entries where entry.contains(address) { return entry.isInside }
        return false
    }
}

extension HomeNetworks: CustomStringConvertible {
    /// The ranges that were named, in the form that `init` reads, separated by commas; empty when none was.
    public var description: String {
        entries.filter(\.isNamed).map { "\($0.isInside ? "" : "!")\($0.range)" }.joined(separator: ",")
    }
}
