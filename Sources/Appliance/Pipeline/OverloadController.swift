// When to shed work, by how much of the ring waits to be read.

import NetTypes

/// Raises the level as soon as packets pile up, and lowers it by one step after a calm time.
///
/// The kernel drops packets when its ring is full, without choosing; so this chooses before it is. A level rises at once
/// with the backlog, and falls when the backlog has been small for a while: what is shed for a moment helps no one, and
/// events that alternate are no information.
struct OverloadController {
    /// Eighths of the ring at which each level above `none` begins. A quarter of the ring may be lent to the pipeline.
    private static let thresholds = [2, 3, 5]
    /// Backlog that counts as calm, and nanoseconds of packet time that it has to last.
    private static let calm = 1
    private static let patience: Int64 = 2_000_000_000

    private(set) var level = OverloadLevel.none
    private var calmSince: Timestamp?

    /// Takes note of the backlog. Returns whether the level changed.
    mutating func update(backlog: Int, at time: Timestamp) -> Bool {
        let wanted = Self.thresholds.count { backlog >= $0 }
        if wanted > Int(level.rawValue), let raised = OverloadLevel(rawValue: UInt8(wanted)) {
            level = raised
            calmSince = nil
            return true
        }
        guard level > .none, backlog < Self.calm else {
            calmSince = nil
            return false
        }
        guard let since = calmSince else {
            calmSince = time
            return false
        }
        guard time.nanoseconds - since.nanoseconds >= Self.patience else { return false }
        level = OverloadLevel(rawValue: level.rawValue - 1) ?? .none
        calmSince = time
        return true
    }
}
