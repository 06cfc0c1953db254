// Joins the detector and the event stream.

import Anomaly
import NetTypes

/// Shows events to the detector; scores and alerts become annotations. Called by one thread at a time.
final class DetectionObserver: EventObserver {
    private let detector: AnomalyDetector

    init(policy: DetectionPolicy, hasher: FlowHasher) {
        detector = AnomalyDetector(policy: policy, hasher: hasher)
    }

    /// Changes of what is ordinary, oldest first.
    var drifts: [Drift] { detector.drifts }

    var interests: FlowEventKinds { AnomalyDetector.interests }

    var foresight: Int { AnomalyDetector.foresight }

    func expect(_ event: StreamEvent) {
        detector.expect(event)
    }

    func observe(_ event: StreamEvent, annotations: inout FlowAnnotations) {
        if let score = detector.observe(event) { annotations.annotate("leptonnet.anomaly_ppm", score) }
        for alert in detector.raised {
            annotations.raise(alert)
            if event.kind == .closed { annotations.markAlerted() }
        }
    }
}
