// A change of the network, ready for the programs that make it.

import NetTypes

/// What to hand to nft, tc or ip, and what will be ours afterwards.
public struct Change: Sendable, Hashable {
    /// `leptonnet_` and hexadecimal digits.
    public let name: String
    /// Seconds that it holds.
    public let lifetime: Int
    public let program: ProgramInput
    public let owned: [OwnedObject]

    /// The text for a program.
    public enum ProgramInput: Sendable, Hashable {
        /// For `nft -f`.
        case nft(String)
        /// For `tc -batch`: where nothing of ours is there, and where queues of ours are to be changed in place.
        case tc(create: String, change: String)
        /// For `ip -batch`.
        case ip(String)
    }

    public init(name: String, lifetime: Int, program: ProgramInput, owned: [OwnedObject]) {
        precondition(Self.isName(name) && lifetime > 0 && !owned.isEmpty, "a change has a name, an end and a trace")
        self.name = name
        self.lifetime = lifetime
        self.program = program
        self.owned = owned
    }

    /// Whether a name is one of ours.
    static func isName(_ name: String) -> Bool {
        name.hasPrefix(OwnershipMark.tablePrefix)
            && (OwnershipMark.tablePrefix.utf8.count + 1...40).contains(name.utf8.count)
            && name.utf8.dropFirst(OwnershipMark.tablePrefix.utf8.count).allSatisfy {
                (48...57).contains($0) || (97...102).contains($0)
            }
    }
}
