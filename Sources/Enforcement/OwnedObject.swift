// What in the kernel is ours, and may be taken away.

/// An object that a change made. Undoing is derived from these names by code; no command is ever read from a file.
public enum OwnedObject: Hashable, Sendable {
    /// A table of the inet family.
    case table(String)
    /// The class queues at an interface's root.
    case queues(interface: String)
    /// A nexthop group with its members, and the routes over it.
    case group(id: Int, members: [Int], routes: [String])

    /// What it is called in the journal.
    var line: String {
        switch self {
        case .table(let name): "table \(name)"
        case .queues(let interface): "queues \(interface)"
        case .group(let id, let members, let routes):
            "group \(id) \(members.map(String.init).joined(separator: ",")) \(routes.joined(separator: ","))"
        }
    }

    /// Reads a line of the journal; nil when it is none, or names what can never be ours.
    init?(line: Substring) {
        let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        switch (words.first, words.count) {
        case ("table", 2) where Change.isName(words[1]): self = .table(words[1])
        case ("queues", 2) where Self.isInterface(words[1]): self = .queues(interface: words[1])
        case ("group", 4):
            let members = words[2].split(separator: ",").compactMap { Int($0) }
            let routes = words[3].split(separator: ",").map(String.init)
            guard let id = Int(words[1]), id > 0, members.allSatisfy({ $0 > 0 }), routes.allSatisfy(Self.isRange) else {
                return nil
            }
            self = .group(id: id, members: members, routes: routes)
        default: return nil
        }
    }

    /// Interface names as they can stand in a site file.
    static func isInterface(_ name: String) -> Bool {
        (1...15).contains(name.utf8.count) && !name.hasPrefix("-")
            && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "/") }
    }

    private static func isRange(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (97...102).contains(byte) || byte == UInt8(ascii: ".")
                    || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "/")
            }
    }
}
