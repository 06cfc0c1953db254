// Joins the detector and the event stream.

import Anomaly
import NetTypes

/// Shows events to the detector; scores and alerts become annotations. Called by one thread at a time.
final class DetectionObserver: EventObserver {
    private let detector: AnomalyDetector
    private let suppressions: SuppressionList?

    init(policy: DetectionPolicy, hasher: FlowHasher, suppressions: SuppressionList?) {
        detector = AnomalyDetector(policy: policy, hasher: hasher)
        self.suppressions = suppressions
    }

    var interests: FlowEventKinds { AnomalyDetector.interests }

    var foresight: Int { AnomalyDetector.foresight }

    func expect(_ event: StreamEvent) {
        detector.expect(event)
    }

    func observe(_ event: StreamEvent, annotations: inout FlowAnnotations) {
        if let score = detector.observe(event) { annotations.annotate("leptonnet.anomaly_ppm", score) }
        for alert in detector.raised {
            if suppressions?.entry(hiding: SuppressionSubject(alert)) != nil {
                annotations.suppress()
                continue
            }
            annotations.raise(alert)
            if event.kind == .closed { annotations.markAlerted() }
        }
    }
}
