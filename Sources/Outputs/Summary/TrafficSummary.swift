// A network engineer's first look at a capture, kept while it is read.

import NetTypes

/// Keeps what a summary of traffic needs, in bounded memory (about 4 MB), from the records of ended flows alone.
///
/// Hosts, links, services and networks are kept by `SpaceSaving`; what a link carried is handed on to its two hosts and
/// networks when the link loses its place, and otherwise when the report is made, so that a flow touches one link and
/// one service. Bytes over time are spread evenly over a record's life: a record says how much, not when. One thread at
/// a time may use it.
public final class TrafficSummary: EventObserver {
    public let interests: FlowEventKinds = [.closed, .loss]

    private var tables = TrafficTables()

    public init() {}

    public func observe(_ event: StreamEvent, annotations: inout FlowAnnotations) {
        switch event.kind {
        case .closed: tables.add(event.flow)
        case .loss: tables.lost += UInt64(event.lost)
        default: return
        }
    }

    /// The report on everything seen so far. Flows that have not ended are not in it.
    /// - Parameters:
    ///   - totals: the counters of the run at the same moment.
    ///   - rows: how many hosts, links, services and networks to list.
    public func report(_ totals: RunTotals, rows: Int = 10) -> SummaryReport {
        var copy = tables
        return SummaryReport(&copy, totals, rows: rows)
    }
}
