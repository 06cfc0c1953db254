// Joins the advisor and the stream of a live run.

import Advice
import Anomaly
import NetTypes

/// Shows events, scores and alerts to the advisor, and hands what it answers to the desk at once. Stands behind the
/// detector among the observers. Called by one thread at a time.
final class LiveAdvice: EventObserver {
    let interests = AnomalyDetector.interests.union(FlowHistory.interests)

    private let advisor: Advisor

    /// Seconds between an alert and the first and last attempt to answer it: what goes on is to be stopped soon.
    private static let settling: ClosedRange<Int64> = 1...5
    /// Seconds of packet time between two rounds of forgetting.
    private static let round: Int64 = 60
    private let memory: Int64

    /// - Parameter earlier: recommendations of an earlier run that still hold.
    init(site: Site, desk: ActionDesk, earlier: [Recommendation], at time: Timestamp) {
        advisor = Advisor(site: site, settling: Self.settling, actsAlone: desk.mode.isAutomatic)
        memory = Int64(site.limits.longestLifetime)
        for recommendation in earlier { advisor.adopt(recommendation, at: time) }
        advisor.onAnswer = { desk.hand($0) }
    }

    func observe(_ event: StreamEvent, annotations: inout FlowAnnotations) {
        let current = annotations.current
        // Alerts stand in the order of their events; those of this event come last. A self-test's are no trouble.
        let alerts = annotations.alerts.reversed().prefix { $0.event == current }.reversed().map(\.alert)
            .filter { !SelftestAttack.isOne($0) }
        advisor.observe(event, score: annotations.score, alerts: alerts)
        if event.kind == .tick, event.time.seconds % Self.round == 0 {
            advisor.forget(before: event.time.seconds - memory)
        }
    }
}
