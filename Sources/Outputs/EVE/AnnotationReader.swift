// Finds what observers attached to an event while events are rendered in order.

import NetTypes

/// A position in the annotations of one batch. Events must be asked for in ascending order.
///
/// Keeps the annotations alive: drop it before they are cleared, or clearing will copy them.
public struct AnnotationReader {
    private let annotations: FlowAnnotations
    private var entry: Int
    private var alert: Int
    private var raised: Int
    private var incident: Int

    /// - Parameters:
    ///   - annotations: the annotations of a batch, complete.
    ///   - first: index of the first event that will be asked for.
    public init(_ annotations: FlowAnnotations, from first: Int = 0) {
        self.annotations = annotations
        entry = Self.lowerBound(annotations.entries.count) { annotations.entries[$0].event < first }
        alert = Self.lowerBound(annotations.alerted.count) { annotations.alerted[$0] < first }
        raised = Self.lowerBound(annotations.alerts.count) { annotations.alerts[$0].event < first }
        incident = Self.lowerBound(annotations.incidents.count) { annotations.incidents[$0].event < first }
    }

    /// Whether the event was marked as part of an alert.
    mutating func isAlerted(_ event: Int) -> Bool {
        let alerted = annotations.alerted
        while alert < alerted.count, alerted[alert] < event { alert += 1 }
        return alert < alerted.count && alerted[alert] == event
    }

    /// Whether the event raised an alert.
    @inline(__always)
    func hasAlerts(_ event: Int) -> Bool {
        raised < annotations.alerts.count && annotations.alerts[raised].event <= event
    }

    /// Hands out the alerts that the event raised, in the order they were raised.
    mutating func forEachAlert(of event: Int, _ body: (Alert) -> Void) {
        while raised < annotations.alerts.count, annotations.alerts[raised].event <= event {
            if annotations.alerts[raised].event == event { body(annotations.alerts[raised].alert) }
            raised += 1
        }
    }

    /// Whether an incident opened, went on or closed with the event.
    @inline(__always)
    public func hasIncidents(_ event: Int) -> Bool {
        incident < annotations.incidents.count && annotations.incidents[incident].event <= event
    }

    /// Hands out these incidents, in the order they were noted.
    public mutating func forEachIncident(of event: Int, _ body: (IncidentRecord) -> Void) {
        while incident < annotations.incidents.count, annotations.incidents[incident].event <= event {
            if annotations.incidents[incident].event == event { body(annotations.incidents[incident].record) }
            incident += 1
        }
    }

    /// Hands out the integers attached to the event; of several with one name the last.
    mutating func forEach(of event: Int, _ body: (StaticString, Int64) -> Void) {
        let entries = annotations.entries
        while entry < entries.count, entries[entry].event < event { entry += 1 }
        var end = entry
        while end < entries.count, entries[end].event == event { end += 1 }
        for index in entry..<end {
            let found = entries[index]
            let isOverridden = entries[(index + 1)..<end].contains { Self.isSame($0.name, found.name) }
            if !isOverridden { body(found.name, found.value) }
        }
    }

    private static func isSame(_ left: StaticString, _ right: StaticString) -> Bool {
        left.utf8CodeUnitCount == right.utf8CodeUnitCount
            && (0..<left.utf8CodeUnitCount).allSatisfy { left.utf8Start[$0] == right.utf8Start[$0] }
    }

    /// The first of `count` ascending positions for which `isBefore` is false.
    private static func lowerBound(_ count: Int, _ isBefore: (Int) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isBefore(middle) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
