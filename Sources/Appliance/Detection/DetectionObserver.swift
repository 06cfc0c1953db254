// Joins the detector and the event stream.

import Anomaly
import NetTypes

/// Shows events to the detector; scores and alerts become annotations. Called by one thread at a time.
final class DetectionObserver: EventObserver {
    private let detector: AnomalyDetector
    private let suppressions: SuppressionList?
    private let home: HomeNetworks
    /// Alerts withheld, by the reasons of suppression entries.
    private(set) var hidden: [String: Int] = [:]
    /// Open incidents of which every alert so far was withheld: nothing is said of them.
    private(set) var hiddenIncidents: Set<UInt64> = []

    init(policy: DetectionPolicy, hasher: FlowHasher, home: HomeNetworks, suppressions: SuppressionList?) {
        detector = AnomalyDetector(policy: policy, hasher: hasher, home: home)
        self.home = home
        self.suppressions = suppressions
    }

    /// Goes on from a saved model. Call before the first event.
    func restore(_ model: SavedModel) throws(UserError) {
        let version = model.description.version
        if let fault = networksFault(model.description.homeNetworks) {
            throw UserError("model version \(version) \(fault); name those or train it again")
        }
        try restore(
            model.state,
            otherLayout: "model version \(version) was made by another version of leptonnet or with other "
                + "features; train it again",
            otherSeed: "model version \(version) was made with another --seed; use that one or train it again",
            damaged: "model version \(version) cannot be read to its end; roll back to another version")
    }

    /// Goes on from a checkpoint. Call before the first event; after a failure the observer is of no use.
    func restore(_ checkpoint: Checkpoint) throws(UserError) {
        if let fault = networksFault(checkpoint.description.homeNetworks) { throw UserError("it \(fault)") }
        try restore(
            checkpoint.state, otherLayout: "it was made by another version of leptonnet, or with other features",
            otherSeed: "its secret is not the one that it was made with", damaged: "it cannot be read to its end")
        hidden = checkpoint.description.suppressed
        hiddenIncidents = Set(checkpoint.description.hiddenIncidents ?? [])
    }

    /// What speaks against taking up memories that were made with some home networks: histories are kept by whose side an
    /// address is on, and rates and threshold follow from them, so that they mean nothing once sides change.
    ///
    /// - Parameter made: as they were written, nil for private ranges alone.
    private func networksFault(_ made: String?) -> String? {
        let made = made ?? ""
        guard made != home.description else { return nil }
        let words = { (list: String) in list.isEmpty ? "none named" : list }
        return "was made with other home networks (\(words(made))) than these (\(words(home.description)))"
    }

    private func restore(
        _ state: [UInt8], otherLayout: String, otherSeed: String, damaged: String
    ) throws(UserError) {
        do {
            try detector.restore(state)
        } catch {
            throw switch error {
            case .otherLayout: UserError(otherLayout)
            case .otherSeed: UserError(otherSeed)
            case .damaged: UserError(damaged)
            }
        }
    }

    /// Ranges that were named as home networks; nil when none was.
    var homeNetworks: String? { home == .privateAlone ? nil : home.description }

    /// The score from which on incidents open; infinite while there is none.
    var threshold: Float { detector.threshold }

    /// What was learned so far, and the threshold.
    func model() -> (bytes: [UInt8], threshold: Float) { (detector.save(), detector.threshold) }

    /// What was learned so far, piece by piece.
    func save(_ write: @escaping (UnsafeRawBufferPointer) -> Void) { detector.save(write) }

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

    var mayMissEnd: Bool { true }

    func expect(_ event: StreamEvent) {
        detector.expect(event)
    }

    func observe(_ event: StreamEvent, annotations: inout FlowAnnotations) {
        if let score = detector.observe(event) { annotations.annotate("leptonnet.anomaly_ppm", score) }
        for alert in detector.raised {
            if let suppressions, let entry = suppressions.entry(hiding: SuppressionSubject(alert)) {
                hidden[suppressions.entries[entry].reason, default: 0] += 1
                annotations.suppress()
                if alert.stage == .opened { hiddenIncidents.insert(alert.incident) }
                continue
            }
            hiddenIncidents.remove(alert.incident)
            annotations.raise(alert)
            if event.kind == .closed { annotations.markAlerted() }
        }
        for incident in detector.incidentRecords {
            if !hiddenIncidents.contains(incident.id) { annotations.note(incident) }
            if incident.state == .closed { hiddenIncidents.remove(incident.id) }
        }
    }
}
