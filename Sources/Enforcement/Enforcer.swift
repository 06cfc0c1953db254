// Makes changes, checks them, and takes them back.

import Glibc

/// Applies changes to the network of this process: plan, check, apply, verify, keep or roll back. Touches only what it
/// made, and notes that in a journal first. Used by one thread.
public final class Enforcer {
    private var journal: Journal
    /// When each change ends, on the clock that goes on while the machine sleeps.
    private var deadlines: [String: Int] = [:]

    /// Takes over a state folder and undoes what a process that died left in force.
    ///
    /// - Returns: through `recovered`, the names of what was undone.
    public init(folder: String) throws(EnforcementError) {
        journal = try Journal(folder: folder)
        recovered = journal.entries.map(\.name)
        do throws(EnforcementError) {
            try undoAll()
        } catch {
            journal.release()
            throw error
        }
    }

    /// Changes of an earlier process that were undone at the start.
    public let recovered: [String]

    deinit {
        journal.release()
    }

    /// Names of the changes in force, oldest first.
    public var inForce: [String] { journal.entries.map(\.name) }

    /// Makes a change. When anything fails, the network is as before.
    public func apply(_ change: Change) throws(EnforcementError) {
        let isOurs = Set(journal.entries.flatMap(\.owned))
        let isInPlace = change.owned.contains { object in isOurs.contains { $0.isSamePlace(as: object) } }
        try plan(change, isOurs)
        if case .nft(let text) = change.program { try Program.nft.require(["-c", "-f", "-"], input: text) }
        let before = journal.entries
        try journal.add(change.name, change.owned)
        do throws(EnforcementError) {
            switch change.program {
            case .nft(let text): try Program.nft.require(["-f", "-"], input: text)
            case .tc(let create, let modify):
                try Program.tc.require(["-batch", "-"], input: isInPlace ? modify : create)
            case .ip(let text): try Program.ip.require(["-batch", "-"], input: text)
            }
            for object in change.owned {
                guard try Self.exists(object) else {
                    throw EnforcementError("\(object.line) is not there after it was made")
                }
            }
        } catch {
            // What was changed in place cannot be restored piece by piece: taking it away gives the state before any.
            try Self.remove(change.owned)
            try journal.remove([change.name])
            for entry in before where !journal.entries.contains(entry) { deadlines[entry.name] = nil }
            throw EnforcementError("\(error); the change was rolled back")
        }
        for entry in before where !journal.entries.contains(where: { $0.name == entry.name }) {
            deadlines[entry.name] = nil
        }
        deadlines[change.name] = Self.now + change.lifetime
    }

    /// Takes a change back; nothing when it is not in force.
    public func undo(_ name: String) throws(EnforcementError) {
        guard let entry = journal.entries.first(where: { $0.name == name }) else { return }
        try Self.remove(entry.owned)
        try journal.remove([name])
        deadlines[name] = nil
    }

    /// Takes everything back, newest first: together, and one by one where that fails.
    public func undoAll() throws(EnforcementError) {
        guard !journal.entries.isEmpty else { return }
        do throws(EnforcementError) {
            try Self.remove(journal.entries.reversed().flatMap(\.owned))
            try journal.remove(Set(journal.entries.map(\.name)))
            deadlines = [:]
        } catch {
            try undoEach()
        }
    }

    private func undoEach() throws(EnforcementError) {
        var firstFailure: EnforcementError?
        for entry in journal.entries.reversed() {
            do throws(EnforcementError) {
                try undo(entry.name)
            } catch {
                firstFailure = firstFailure ?? error
            }
        }
        if let firstFailure { throw firstFailure }
    }

    /// Takes back what has reached its end.
    ///
    /// - Returns: the names of what was taken back.
    @discardableResult
    public func expire() throws(EnforcementError) -> [String] {
        let now = Self.now
        let due = deadlines.filter { $0.value <= now }.map(\.key).sorted()
        for name in due { try undo(name) }
        return due
    }

    /// Seconds until something reaches its end; nil when nothing will.
    public var secondsToExpiry: Int? {
        deadlines.values.min().map { max(0, $0 - Self.now) }
    }

    private static var now: Int {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return time.tv_sec
    }
}
