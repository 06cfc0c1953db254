// What a message format has to be able to do.

import NetTypes

/// Renders events in one format, one line each. Holds no mutable state: the writer brings it, with the event's identifier,
/// the pseudonyms and whether the line has to be short.
protocol MessageFormat: Sendable {
    /// Kinds of events that have a line of their own here.
    var sources: FlowEventKinds { get }

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
    /// Formats of others have no line for it: there, alerts say which incident they belong to.
    func render(_ incident: IncidentRecord, into json: inout JSONWriter) {}
}

extension EVERenderer: MessageFormat {
    var sources: FlowEventKinds { types.sources }
}

extension SupplementRenderer: MessageFormat {
    var sources: FlowEventKinds { Self.sources }

    /// Alerts stand in the EVE log.
    func render(_ alert: Alert, tunnel: Tunnel?, into json: inout JSONWriter) {}

    func render(
        record event: StreamEvent, at index: Int, annotations: inout AnnotationReader, into json: inout JSONWriter
    ) {
        render(event, into: &json)
    }
}
