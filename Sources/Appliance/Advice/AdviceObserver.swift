// Joins the advisor and the event stream.

import Advice
import NetTypes

/// Shows events, scores and alerts to the advisor. Stands behind the detector among the observers. Called by one thread at
/// a time.
final class AdviceObserver: EventObserver {
    let advisor: Advisor
    private(set) var last = Timestamp(nanoseconds: 0)

    init(site: Site) {
        advisor = Advisor(site: site)
    }

    var interests: FlowEventKinds { .all }

    func observe(_ event: StreamEvent, annotations: inout FlowAnnotations) {
        last = max(last, event.time)
        // Alerts stand in the order of their events; those of this event come last.
        let current = annotations.current
        let alerts = annotations.alerts.reversed().prefix { $0.event == current }.reversed().map(\.alert)
        advisor.observe(event, score: annotations.score, alerts: alerts)
    }
}

extension FlowAnnotations {
    /// The anomaly score of the event being observed, in millionths.
    var score: Int64? {
        let name = StaticName("leptonnet.anomaly_ppm")
        return entries.reversed().prefix { $0.event == current }.first { StaticName($0.name) == name }?.value
    }
}
