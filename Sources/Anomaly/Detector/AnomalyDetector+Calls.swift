// Calls at even times that say the same each time: what a beacon looks like from outside.

import NetTypes

extension AnomalyDetector {
    /// Calls beyond which their number says nothing more.
    private static let mostCalls: UInt32 = 64

    /// Notes the start of a connection to a new peer: how even the gaps are, how many calls there were and how many of them
    /// carried as much as those before. Compare RITA (Active Countermeasures), which scores timing and sizes apart and over
    /// a whole day; here a product of both speaks after a few calls, and a missed call or jitter lowers it only in
    /// proportion (`StartTimes`).
    func noteCall(_ tuple: Int, _ start: Timestamp, novelty: Float) {
        let milliseconds = UInt32(truncatingIfNeeded: start.nanoseconds / 1_000_000)
        let count = tuples[tuple].startCount
        tuples[tuple].starts[Int(count % 12)] = milliseconds
        tuples[tuple].startCount = count &+ 1
        let kept = Int(min(count &+ 1, 12))
        guard novelty > 0, kept > StartTimes.fewest else { return }
        var gaps = InlineArray<12, Float>(repeating: 0)
        for back in 0..<(kept - 1) {
            let later = tuples[tuple].starts[Int((count &- UInt32(back)) % 12)]
            let earlier = tuples[tuple].starts[Int((count &- UInt32(back) &- 1) % 12)]
            gaps[back] = Float(Int32(bitPattern: later &- earlier)) * 0.001
        }
        let regularity = StartTimes.regularity(&gaps, count: kept - 1)
        let calls = min(Self.mostCalls, count &+ 1)
        let value = regularity * tuples[tuple].calls.likeness * CountLogarithm.of(Int(calls)) * novelty
        note(.sessionRegularity, tuple: tuple, value, regularity)
    }
}
