// What a message format has to be able to do.

import NetTypes

/// Renders events in one format, one line each. Holds no mutable state: the writer brings it, with the event's identifier,
/// the pseudonyms and whether the line has to be short.
protocol MessageFormat: Sendable {
    /// Kinds of events that have a line of their own here.
    var sources: FlowEventKinds { get }

    /// Whether alerts, incidents and counters have lines here.
    var hasAlertLines: Bool { get }
    var hasIncidentLines: Bool { get }
    var hasStatisticsLines: Bool { get }

    /// Whether an event has a line of its own: exactly then `render(record:)` appends one.
    func hasLine(_ event: StreamEvent) -> Bool

    /// Appends the line of an alert.
    func render(_ alert: Alert, tunnel: Tunnel?, into json: inout JSONWriter)

    /// Appends the line of an incident that opened, went on or closed, if it has one.
    func render(_ incident: IncidentRecord, into json: inout JSONWriter)

    /// Appends the line of an event, if it has one.
    func render(
        record event: StreamEvent, at index: Int, annotations: inout AnnotationReader, into json: inout JSONWriter)

    /// Appends the line of the counters, if they have one.
    func render(_ snapshot: StatisticsSnapshot, into json: inout JSONWriter)
}

extension MessageFormat {
    var hasAlertLines: Bool { true }
    var hasIncidentLines: Bool { false }
    var hasStatisticsLines: Bool { false }

    /// Formats of others have no line for it: there, alerts say which incident they belong to.
    func render(_ incident: IncidentRecord, into json: inout JSONWriter) {}
}

extension EVERenderer: MessageFormat {
    var sources: FlowEventKinds { types.sources }

    var hasStatisticsLines: Bool { types.contains(.stats) }

    func hasLine(_ event: StreamEvent) -> Bool { types.hasLine(event) }
}

extension EVEEventTypes {
    /// Whether an event is of one of these types.
    func hasLine(_ event: StreamEvent) -> Bool {
        switch event.kind {
        case .closed: contains(.flow)
        case .application: !Self.type(of: event.application).isDisjoint(with: self)
        case .fault: contains(.anomaly)
        case .opened, .answered, .changed, .arp, .icmpError, .loss, .tick, .overload: false
        }
    }
}

extension SupplementRenderer: MessageFormat {
    var sources: FlowEventKinds { Self.sources }

    var hasAlertLines: Bool { false }
    var hasIncidentLines: Bool { true }
    var hasStatisticsLines: Bool { true }

    /// Alerts stand in the EVE log.
    func render(_ alert: Alert, tunnel: Tunnel?, into json: inout JSONWriter) {}

    func render(
        record event: StreamEvent, at index: Int, annotations: inout AnnotationReader, into json: inout JSONWriter
    ) {
        render(event, into: &json)
    }
}
