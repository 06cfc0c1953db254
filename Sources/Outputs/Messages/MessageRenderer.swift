// From kept events to messages of one output.

import NetTypes
import Pseudonyms

/// Renders what an output wants in the output's format, wrapped for syslog where it goes there, within the size that the
/// receiver takes. Used by one thread at a time.
public final class MessageRenderer: @unchecked Sendable {
    private let format: any MessageFormat
    private let types: EVEEventTypes
    private let header: SyslogHeader?
    private let limit: Int
    private var ids: EventIDMaker
    private var json = JSONWriter()
    private var wrapped = LineBuffer()
    private var calendar = CivilCalendar()
    /// Messages that were too long even without what they can do without.
    public private(set) var oversized: UInt64 = 0

    /// - Parameters:
    ///   - format: what events are written as.
    ///   - options: sensor, interface, and the types of events that the output wants.
    ///   - header: how messages are wrapped for syslog; nil for not at all.
    ///   - limit: bytes that a message may have.
    ///   - pseudonyms: the key of pseudonyms; nil to write addresses as they are.
    public init(
        _ format: OutputFormat, _ options: EVEOptions, header: SyslogHeader?, limit: Int, pseudonyms: [UInt8]?
    ) {
        self.format = format.renderer(options)
        self.header = header
        self.limit = limit
        types = options.types
        ids = EventIDMaker(sensor: options.host)
        json.pseudonyms = pseudonyms.map { AddressPseudonyms(key: $0) }
        json.isASCII = header != nil
    }

    /// Kinds of events that the output has lines for.
    public var sources: FlowEventKinds { format.sources }

    public var wantsStatistics: Bool { types.contains(.stats) }

    /// Whether there may be a message in these events.
    public func wants(_ kept: KeptEvents) -> Bool {
        !kept.kinds.isDisjoint(with: sources) || types.contains(.alert) && !kept.annotations.alerts.isEmpty
            || format.hasIncidentLines && !kept.annotations.incidents.isEmpty
            || wantsStatistics && !kept.statistics.isEmpty
    }

    /// How many messages these events make, and how many of them are alerts, without making them.
    public func count(_ kept: KeptEvents) -> ShedMessages {
        var count = ShedMessages()
        if types.contains(.alert), format.hasAlertLines { count.alerts = kept.annotations.alerts.count }
        count.messages = count.alerts + kept.events.headers.indices.count { format.hasLine(kept.event($0)) }
        if format.hasIncidentLines { count.messages += kept.annotations.incidents.count }
        if wantsStatistics, format.hasStatisticsLines { count.messages += kept.statistics.count }
        return count
    }

    /// Bytes from which on messages are handed on: a storm's would take megabytes, which the buffer would keep.
    static let portion = 256 << 10

    /// Renders the messages of some events.
    ///
    /// - Parameters:
    ///   - messages: where they are rendered; empty at first and in the end.
    ///   - sawAlert: told the attacker of each alert that was rendered.
    ///   - handOn: takes the messages, portion by portion, in their order.
    public func render(
        _ kept: KeptEvents, into messages: inout MessageBuffer, sawAlert: (IPAddress) -> Void,
        handOn: (borrowing MessageBuffer) -> Void
    ) {
        func handOver(_ messages: inout MessageBuffer) {
            if messages.count > 0 { handOn(messages) }
            messages.clear()
        }
        var reader = AnnotationReader(kept.annotations)
        var statistics = kept.statistics[...]
        for index in kept.events.headers.indices {
            while let due = statistics.first, due.place <= index {
                statistics.removeFirst()
                render(due.snapshot, into: &messages)
            }
            if messages.byteCount >= Self.portion { handOver(&messages) }
            let event = kept.event(index)
            if types.contains(.alert), reader.hasAlerts(index) {
                let tunnel = event.tunnel
                reader.forEachAlert(of: index) { alert in
                    let isOfThisFlow = tunnel != nil && alert.flow?.details.flowID == event.flow.details.flowID
                    let note = SyslogHeader.Note(
                        time: alert.time, severity: alert.level.syslogSeverity, kind: "alert", id: ids.id(of: alert),
                        level: alert.level)
                    let isRendered = put(note, isAlert: true, into: &messages) {
                        format.render(alert, tunnel: isOfThisFlow ? tunnel : nil, into: &$0)
                    }
                    if isRendered { sawAlert(alert.source) }
                }
            }
            reader.forEachIncident(of: index) { incident in
                let note = SyslogHeader.Note(
                    time: incident.time, severity: 6, kind: "incident", id: ids.id(of: incident), level: nil)
                _ = put(note, isAlert: false, into: &messages) { format.render(incident, into: &$0) }
            }
            guard format.hasLine(event) else { continue }
            let before = reader
            let note = SyslogHeader.Note(
                time: event.time, severity: 6, kind: Self.name(of: event), id: ids.id(of: event), level: nil)
            _ = put(note, isAlert: false, into: &messages) {
                reader = before
                format.render(record: event, at: index, annotations: &reader, into: &$0)
            }
        }
        for due in statistics { render(due.snapshot, into: &messages) }
        handOver(&messages)
    }

    private func render(_ snapshot: StatisticsSnapshot, into messages: inout MessageBuffer) {
        guard wantsStatistics else { return }
        let note = SyslogHeader.Note(
            time: snapshot.time, severity: 6, kind: "stats", id: ids.id(of: snapshot), level: nil)
        _ = put(note, isAlert: false, into: &messages) { format.render(snapshot, into: &$0) }
    }

    /// Renders one message, shorter when it has to be. False when there is none.
    private func put(
        _ note: SyslogHeader.Note, isAlert: Bool, into messages: inout MessageBuffer, _ body: (inout JSONWriter) -> Void
    ) -> Bool {
        json.eventID = note.id
        for isTerse in [false, true] {
            json.isTerse = isTerse
            json.clear()
            body(&json)
            guard json.buffer.count > 0 else { return false }
            let isPut = json.buffer.withBytes { line in
                // Without the newline: the transport knows what stands between messages.
                let content = UnsafeRawBufferPointer(rebasing: line.dropLast())
                return wrap(content, note, isAlert, into: &messages)
            }
            if isPut { return true }
        }
        oversized += 1
        return false
    }

    private func wrap(
        _ content: UnsafeRawBufferPointer, _ note: SyslogHeader.Note, _ isAlert: Bool,
        into messages: inout MessageBuffer
    ) -> Bool {
        guard let header else {
            guard content.count <= limit else { return false }
            messages.append(content, isAlert: isAlert)
            return true
        }
        wrapped.clear()
        header.append(note, content: content, calendar: &calendar, to: &wrapped)
        guard wrapped.count <= limit else { return false }
        wrapped.withBytes { messages.append($0, isAlert: isAlert) }
        return true
    }

    private static func name(of event: StreamEvent) -> StaticString {
        switch event.kind {
        case .closed: "flow"
        case .application: event.application.name
        case .fault: "anomaly"
        case .arp: "arp"
        case .icmpError: "icmp_error"
        case .loss: "loss"
        case .overload: "overload"
        case .opened, .answered, .changed, .tick: "event"
        }
    }
}

extension AlertLevel {
    /// The severity of RFC 5424, 0 worst.
    var syslogSeverity: Int {
        switch self {
        case .critical: 2
        case .high: 3
        case .medium: 4
        case .low: 5
        case .info: 6
        }
    }
}
