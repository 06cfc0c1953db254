// Collects scores and alerts while a labelled capture is replayed.

import NetTypes

/// A flow record's score, with what is needed to find its label.
struct ScoredRecord {
    let key: FlowKey
    let start: Double
    let end: Double
    let score: Int64
}

/// Remembers every closed record's score and every alert. Comes after the detector among the observers.
final class EvaluationObserver: EventObserver {
    private(set) var records: [ScoredRecord] = []
    private(set) var alerts: [Alert] = []

    var interests: FlowEventKinds { .all }

    func observe(_ event: StreamEvent, annotations: inout FlowAnnotations) {
        // Alerts stand in the order of their events; those of this event come last.
        let first = annotations.alerts.lastIndex { $0.event != annotations.current }.map { $0 + 1 } ?? 0
        for raised in annotations.alerts[first...] { alerts.append(raised.alert) }
        guard event.kind == .closed else { return }
        var score: Int64 = 0
        for entry in annotations.entries.reversed() {
            guard entry.event == annotations.current else { break }
            if StaticName(entry.name) == StaticName("leptonnet.anomaly_ppm") { score = entry.value }
        }
        let flow = event.flow
        records.append(
            ScoredRecord(
                key: flow.key, start: Self.seconds(flow.start), end: Self.seconds(max(flow.start, flow.end)),
                score: score))
    }

    static func seconds(_ time: Timestamp) -> Double { Double(time.nanoseconds) / 1e9 }
}
