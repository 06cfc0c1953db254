// What was seen that speaks for something unusual, and how it fades.

/// The strongest value of one feature for one pattern, and when it was seen.
///
/// Flows of one pattern share it: earlier evidence fades exponentially until the flow's start, evidence that came while
/// the flow lived counts in full.
struct Evidence {
    /// The feature's value; positive, or zero for none.
    var value: Float = 0
    /// What was counted or measured, in the feature's unit.
    var observed: Float = 0
    var tick: UInt32 = 0

    /// Takes a new value, unless the old one is stronger even now.
    @inline(__always)
    mutating func note(_ new: Float, observed seen: Float, _ now: UInt32, _ fading: Fading) {
        guard new > 0 else { return }
        if new >= value || new >= value * fading.factor(from: tick, to: now) {
            value = new
            observed = seen
            tick = now
        }
    }

    /// The value as a flow that started at `start` sees it.
    @inline(__always)
    func value(since start: UInt32, _ fading: Fading) -> Float {
        value * fading.factor(from: tick, to: start)
    }
}
