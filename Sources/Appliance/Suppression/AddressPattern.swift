// Addresses as an operator names them: one, a prefix, all that begin so.

import NetTypes

/// `10.0.0.5`, `10.0.0.0/24`, `10.0.*`, `2001:db8::/32` or `*`.
struct AddressPattern: Sendable, Equatable {
    private let first: IPAddress
    /// Bits that must agree; nil for every address of either version.
    private let length: Int?

    /// Nil when the text is none of these.
    init?(_ text: String) {
        if text == "*" {
            first = IPAddress(v4: 0)
            length = nil
            return
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 2 {
            guard let address = IPAddress(String(parts[0])), let bits = Int(parts[1]),
                (0...(address.isIPv6 ? 128 : 32)).contains(bits)
            else { return nil }
            first = address
            length = bits
        } else if text.hasSuffix(".*") {
            var labels = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            while labels.last == "*" { labels.removeLast() }
            guard (1...3).contains(labels.count) else { return nil }
            let filled = labels + [String](repeating: "0", count: 4 - labels.count)
            guard let address = IPAddress(filled.joined(separator: ".")) else { return nil }
            first = address
            length = labels.count * 8
        } else {
            guard let address = IPAddress(text) else { return nil }
            first = address
            length = address.isIPv6 ? 128 : 32
        }
    }

    var isEverything: Bool { length == nil }

    func matches(_ address: IPAddress) -> Bool {
        guard let length else { return true }
        guard address.isIPv6 == first.isIPv6 else { return false }
        if !address.isIPv6 { return (address.low ^ first.low) & Self.mask(length + 32) == 0 }
        return (address.high ^ first.high) & Self.mask(min(64, length)) == 0
            && (address.low ^ first.low) & Self.mask(max(0, length - 64)) == 0
    }

    /// A word whose upper bits are set.
    private static func mask(_ bits: Int) -> UInt64 { bits == 0 ? 0 : ~0 << UInt64(64 - bits) }
}
