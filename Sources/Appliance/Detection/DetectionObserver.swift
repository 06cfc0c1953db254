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

    /// Goes on from a saved model. Call before the first event.
    func restore(_ model: SavedModel) throws(UserError) {
        do {
            try detector.restore(model.state)
        } catch {
            let version = model.description.version
            switch error {
            case .otherLayout:
                throw UserError(
                    "model version \(version) was made by another version of leptonnet or with other features; "
                        + "train it again")
            case .otherSeed:
                throw UserError("model version \(version) was made with another --seed; use that one or train it again")
            case .damaged:
                throw UserError("model version \(version) cannot be read to its end; roll back to another version")
            }
        }
    }

    /// What was learned so far, and the threshold.
    func model() -> (bytes: [UInt8], threshold: Float) { (detector.save(), detector.threshold) }

    /// Changes of what is ordinary, oldest first.
    var drifts: [Drift] { detector.drifts }

    /// How it stands.
    var standing: DetectorStanding {
        DetectorStanding(
            isLearning: isLearning, threshold: detector.threshold < .infinity ? detector.threshold : nil,
            calibrated: detector.calibrated, shed: detector.shed, drifts: detector.drifts.count,
            incidents: detector.incidentCount)
    }

    /// Whether the baseline is not over yet, so that nothing is raised.
    var isLearning: Bool { !detector.isAlerting }

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
