// What looks at the events of a live run: detector, advisor, journal, checkpoints.

import Advice
import Anomaly
import Glibc
import NetTypes

/// The observers of a live run, joined, and what they begin with.
final class LiveAnalysis: @unchecked Sendable {
    let detection: DetectionObserver?
    /// Nil when no state is kept, or nothing is detected.
    let keeper: CheckpointKeeper?
    let desk: ActionDesk?
    let observers: [any EventObserver]
    private let checkpoints: CheckpointObserver?

    /// Takes up the last checkpoint; without one the model that the settings name; without that, nothing.
    ///
    /// - Throws: `UserError` when the model cannot be taken up.
    init(
        _ settings: LiveSettings, desk: ActionDesk?, monitor: LiveMonitor, say: @escaping @Sendable (String) -> Void
    ) throws(UserError) {
        let analysis = settings.analysis
        let now = Int64(time(nil))
        self.desk = desk
        var detection: DetectionObserver?
        var keeper: CheckpointKeeper?
        // The flow table has a secret of its own in every run; the detector's has to be that of what it goes on from.
        var secret = analysis.model != nil || analysis.seed != nil ? analysis.secret : LiveSecret.drawn()
        if let policy = analysis.detection {
            func fresh(_ hasher: FlowHasher) -> DetectionObserver {
                DetectionObserver(
                    policy: policy, hasher: hasher, home: analysis.homeNetworks, suppressions: analysis.suppressions)
            }
            if let folder = settings.stateFolder {
                let kept = CheckpointKeeper(folder: folder, every: settings.checkpointInterval, say: say)
                kept.load(at: now) { checkpoint throws(UserError) in
                    let restored = fresh(checkpoint.hasher)
                    try restored.restore(checkpoint)
                    detection = restored
                    secret = LiveSecret(
                        first: checkpoint.description.firstKey, second: checkpoint.description.secondKey)
                }
                keeper = kept
            }
            if detection == nil {
                let begun = fresh(secret.hasher)
                if let model = analysis.model { try begun.restore(model) }
                detection = begun
            }
        }
        self.detection = detection
        self.keeper = keeper
        var observers: [any EventObserver] = detection.map { [$0] } ?? []
        if let desk, let advice = settings.advice {
            let earlier = desk.earlier(at: now)
            for recommendation in earlier { desk.hand(recommendation) }
            observers.append(
                LiveAdvice(site: advice.site.site, desk: desk, earlier: earlier, at: Timestamp(seconds: now)))
        }
        if let detection, let keeper {
            checkpoints = CheckpointObserver(detection, secret: secret, keeper: keeper)
        } else {
            checkpoints = nil
        }
        if let checkpoints { observers.append(checkpoints) }
        observers.append(LiveJournal(monitor, detection: detection, say: say))
        self.observers = observers
    }

    /// Takes the last checkpoint, once the pipeline has ended, and does not wait until it is on disk.
    ///
    /// - Parameters:
    ///   - last: time of the last packet; nil when there was none, and so nothing new.
    ///   - moment: of `WaitLock.now`, after which nothing is tried any more.
    func finish(at last: Timestamp?, by moment: Int) {
        if let last { checkpoints?.finish(at: last, by: moment) }
    }

    /// Waits until the last checkpoint is on disk; false when it is not by then.
    func isKept(by moment: Int) -> Bool { keeper?.isAtRest(by: moment) ?? true }
}

extension ReplaySettings {
    /// The secret that models are trained with.
    var secret: LiveSecret {
        seed.map { LiveSecret(first: $0, second: ~$0) }
            ?? LiveSecret(
                first: FlowHasher.replayKeys.first, second: FlowHasher.replayKeys.second)
    }
}
