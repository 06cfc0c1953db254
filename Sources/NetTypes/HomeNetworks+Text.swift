// Home networks as an operator writes them.

/// Why a text names no home network.
public struct HomeNetworksError: Error, Equatable, CustomStringConvertible, Sendable {
    /// Which of the texts, from zero.
    public let index: Int
    /// What is wrong and how to mend it.
    public let description: String
}

extension HomeNetworks {
    /// Reads ranges such as `203.0.113.0/24`, `2001:db8::/32` or a single address; `!` in front takes a range out.
    ///
    /// - Throws: `HomeNetworksError` for what is no range, holds groups, covers everything, or is said to be both.
    public init(_ texts: [String]) throws(HomeNetworksError) {
        var inside: Set<IPPrefix> = []
        var outside: Set<IPPrefix> = []
        for (index, text) in texts.enumerated() {
            let isTakenOut = text.hasPrefix("!")
            let range: IPPrefix
            do throws(Mistake) {
                range = try Self.range(isTakenOut ? String(text.dropFirst()) : text)
            } catch {
                throw HomeNetworksError(index: index, description: "'\(text)' \(error.words)")
            }
            guard !(isTakenOut ? inside : outside).contains(range) else {
                throw HomeNetworksError(index: index, description: "\(range) is named both with and without '!'")
            }
            if isTakenOut { outside.insert(range) } else { inside.insert(range) }
        }
        self = HomeNetworks(inside: inside, outside: outside)
    }

    private struct Mistake: Error {
        let words: String
    }

    private static func range(_ text: String) throws(Mistake) -> IPPrefix {
        guard let range = IPPrefix(text) else {
            let parts = text.split(separator: "/")
            if parts.count == 2, let address = IPAddress(String(parts[0])), let length = Int(parts[1]),
                let meant = IPPrefix(address, length: length)
            {
                throw Mistake(words: "has bits beyond its length; the range is \(meant.longDescription)")
            }
            throw Mistake(
                words: "is neither an address nor a range; write for example 203.0.113.0/24, 2001:db8::/32 or "
                    + "!10.9.0.0/16 for a private range that is not yours (quoted in YAML: \"!10.9.0.0/16\")")
        }
        guard range.length > 0 else {
            throw Mistake(
                words: "covers every address, so that nothing would be outside; name the ranges that are yours")
        }
        guard !groups.contains(where: { $0.overlaps(range) }) else {
            throw Mistake(words: "holds multicast groups, which are no hosts; name ranges of hosts")
        }
        return range
    }

    private static let groups = ["224.0.0.0/4", "ff00::/8"].compactMap { IPPrefix($0) }
}
