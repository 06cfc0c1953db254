// Reporting what changes, and not learning from what was only half seen.

import Learning

extension AnomalyDetector {
    /// Seconds after a loss in which nothing is learned: records of that time lack packets.
    private static let blindSeconds: UInt32 = 60
    private static let mostDrifts = 100
    /// Score at which a record counts as fully strange.
    private static let fullScore: Float = 6

    /// Whether input was lost a short time ago.
    var isBlind: Bool { lastLoss != 0 && now &- lastLoss < Self.blindSeconds * DetectorClock.ticksPerSecond }

    /// Begins a blind interval, or makes the one that lasts longer.
    func noteLoss(_ packets: UInt32) {
        lost = (isBlind ? lost : 0) + UInt64(packets)
        lastLoss = now
    }

    /// Shows the score of a learned record to the drift detector.
    func watchDrift(_ score: Float) {
        guard isAlerting, scoring.isFitted else { return }
        let full = Double(Self.fullScore)
        guard let change = driftWindow.add(Double(min(score, Self.fullScore)) / full), drifts.count < Self.mostDrifts
        else { return }
        drifts.append(Drift(time: time, before: change.before * full, after: change.after * full))
    }
}
