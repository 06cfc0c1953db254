// Events that outlive the batch they came in, for outputs that render on threads of their own.

import NetTypes

/// Copies of some events of a batch, with what observers attached to them. Immutable once made: any number of threads may
/// read it.
public final class KeptEvents: @unchecked Sendable {
    let events: EventBuffer
    /// The kinds that are among them.
    let kinds: FlowEventKinds
    let annotations: FlowAnnotations
    /// Counters, and how many of the events came before them.
    let statistics: [(place: Int, snapshot: StatisticsSnapshot)]
    /// Memory that this takes, roughly.
    public let byteCount: Int
    init(
        _ events: EventBuffer, _ kinds: FlowEventKinds, _ annotations: FlowAnnotations,
        _ statistics: [(place: Int, snapshot: StatisticsSnapshot)]
    ) {
        self.events = events
        self.kinds = kinds
        self.annotations = annotations
        self.statistics = statistics
        byteCount =
            events.byteCount + annotations.alerts.count * 2048 + annotations.incidents.count * 512 + annotations.entries
            .count * 40 + statistics.count
            * 2048
    }

    /// One of the events.
    func event(_ index: Int) -> StreamEvent {
        StreamEvent(header: events.headers[index], buffer: events, ordinal: 0)
    }

    /// What an output with room for nothing else still wants: the events that raised alerts, alone; nil when there are none.
    public var alertsAlone: KeptEvents? {
        guard !annotations.alerts.isEmpty else { return nil }
        var keeper = EventKeeper(wanted: [], AnnotationReader(annotations))
        for index in events.headers.indices { keeper.keep(event(index), at: index) }
        return keeper.finish()
    }
}

/// Copies events of a batch, in their order.
public struct EventKeeper {
    private let wanted: FlowEventKinds
    private var reader: AnnotationReader
    private let events: EventBuffer
    private var kinds: FlowEventKinds = []
    private var annotations = FlowAnnotations()
    private var statistics: [(place: Int, snapshot: StatisticsSnapshot)] = []

    /// - Parameters:
    ///   - wanted: kinds that are kept even when they raised no alert.
    ///   - reader: the annotations of the batch.
    public init(wanted: FlowEventKinds, _ reader: AnnotationReader) {
        self.wanted = wanted
        self.reader = reader
        events = EventBuffer(wanted: .all)
    }

    /// Copies an event, if it is wanted or raised alerts.
    public mutating func keep(_ event: StreamEvent, at index: Int) {
        let isWanted = wanted.contains(FlowEventKinds(event.kind))
        guard isWanted || reader.hasAlerts(index) || reader.hasIncidents(index) else { return }
        annotations.current = events.headers.count
        events.append(event)
        kinds.insert(FlowEventKinds(event.kind))
        reader.forEachAlert(of: index) { annotations.raise($0) }
        reader.forEachIncident(of: index) { annotations.note($0) }
        if reader.isAlerted(index) { annotations.markAlerted() }
        reader.forEach(of: index) { annotations.annotate($0, $1) }
    }

    /// Notes counters that are to be written at this place.
    public mutating func keep(_ snapshot: StatisticsSnapshot) {
        statistics.append((events.headers.count, snapshot))
    }

    /// What was kept; nil when that is nothing.
    public func finish() -> KeptEvents? {
        events.headers.isEmpty && statistics.isEmpty ? nil : KeptEvents(events, kinds, annotations, statistics)
    }
}
