// Who reads the event stream.

/// Reads the event stream in its total order and may annotate flows before they are written.
///
/// Called by one thread at a time, never concurrently, in the same order for any number of workers. An observer keeps
/// its own state bounded and must not depend on anything but the events (no wall clock, no unseeded randomness).
public protocol EventObserver: AnyObject {
    /// The kinds to be called for. Kinds that nobody wants are not produced at all.
    var interests: FlowEventKinds { get }

    /// How many events ahead it wants to be told of them by `expect`; zero for not at all.
    var foresight: Int { get }

    /// Announces an event of a wanted kind, to be observed after those announced before. Must not change what is
    /// observed, only how fast.
    func expect(_ event: StreamEvent)

    /// Whether flows that a stop cuts short may pass it by once there is no time left for them.
    var mayMissEnd: Bool { get }

    /// Takes note of one event.
    func observe(_ event: StreamEvent, annotations: inout FlowAnnotations)
}

extension EventObserver {
    public var foresight: Int { 0 }
    public var mayMissEnd: Bool { false }

    public func expect(_ event: StreamEvent) {}
}

/// What observers attach to a flow event before it is rendered: named integers, whether it was alerted on, alerts.
public struct FlowAnnotations: Sendable {
    /// One named integer; EVE renders it under `metadata.flowints`.
    public struct Entry: Sendable {
        /// Index of the event in the batch's total order.
        public let event: Int
        public let name: StaticString
        public let value: Int64
    }

    public private(set) var entries: [Entry] = []
    /// Indices of flow events that belong to an alert.
    public private(set) var alerted: [Int] = []
    /// Alerts and the indices of the events that raised them: they are written in front of what the event is written as.
    public private(set) var alerts: [(event: Int, alert: Alert)] = []
    /// Incidents that opened, went on or closed, and the indices of the events at which they did.
    public private(set) var incidents: [(event: Int, record: IncidentRecord)] = []
    /// Alerts that were withheld because the operator wants it so.
    public private(set) var suppressed = 0
    /// Index of the event being observed.
    public var current = 0

    public init() {}

    /// Attaches a named integer to the event being observed.
    public mutating func annotate(_ name: StaticString, _ value: Int64) {
        entries.append(Entry(event: current, name: name, value: value))
    }

    /// Marks the flow of the event being observed as part of an alert.
    public mutating func markAlerted() {
        alerted.append(current)
    }

    /// Raises an alert at the event being observed.
    public mutating func raise(_ alert: Alert) {
        alerts.append((current, alert))
    }

    /// Notes where an incident stands at the event being observed.
    public mutating func note(_ incident: IncidentRecord) {
        incidents.append((current, incident))
    }

    /// Counts an alert that is withheld.
    public mutating func suppress() {
        suppressed += 1
    }

    public mutating func clear() {
        entries.removeAll(keepingCapacity: true)
        alerted.removeAll(keepingCapacity: true)
        alerts.removeAll(keepingCapacity: true)
        incidents.removeAll(keepingCapacity: true)
        suppressed = 0
        current = 0
    }
}
