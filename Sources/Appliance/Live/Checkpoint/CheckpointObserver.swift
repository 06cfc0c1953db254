// Takes checkpoints while events pass.

import NetTypes

/// Stands behind the detector among the observers: at whole seconds its state is complete. Called by one thread at a time.
final class CheckpointObserver: EventObserver {
    let interests: FlowEventKinds = [.tick]

    private let detection: DetectionObserver
    private let secret: LiveSecret
    private let keeper: CheckpointKeeper

    init(_ detection: DetectionObserver, secret: LiveSecret, keeper: CheckpointKeeper) {
        self.detection = detection
        self.secret = secret
        self.keeper = keeper
    }

    func observe(_ event: StreamEvent, annotations: inout FlowAnnotations) {
        if keeper.isDue(event.time) { keeper.take(description(at: event.time), detection.save) }
    }

    /// Takes the last checkpoint of a run, once its events have ended.
    func finish(at time: Timestamp, by moment: Int) {
        keeper.finish(description(at: time), by: moment, detection.save)
    }

    private func description(at time: Timestamp) -> Checkpoint.Description {
        Checkpoint.Description(
            second: time.seconds, firstKey: secret.first, secondKey: secret.second,
            threshold: detection.threshold.isFinite ? detection.threshold : nil, suppressed: detection.hidden,
            hiddenIncidents: detection.hiddenIncidents.sorted(), homeNetworks: detection.homeNetworks)
    }
}

/// The detector's secret, in a form that can be kept.
struct LiveSecret: Sendable {
    var first: UInt64
    var second: UInt64

    /// A secret that nobody knows.
    static func drawn() -> LiveSecret {
        var generator = SystemRandomNumberGenerator()
        return LiveSecret(first: generator.next(), second: generator.next())
    }

    var hasher: FlowHasher { FlowHasher(firstKey: first, secondKey: second) }
}
