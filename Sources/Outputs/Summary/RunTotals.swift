// The counters of a run that a summary needs besides its own.

import NetTypes

/// What the summary takes from the other stages' counters.
public struct RunTotals: Sendable {
    public var decode: DecodeCounters
    public var table: TableCounters
    /// Time of the earliest and latest packet; nil without packets.
    public var first: Timestamp?
    public var last: Timestamp?
    /// What was found; nil when nothing was looked for.
    public var incidents: IncidentTally?
    /// Whether the detector still only learned when the run ended.
    public var isLearning = false

    public init(decode: DecodeCounters, table: TableCounters, first: Timestamp?, last: Timestamp?) {
        self.decode = decode
        self.table = table
        self.first = first
        self.last = last
    }
}
