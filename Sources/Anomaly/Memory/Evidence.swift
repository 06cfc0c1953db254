// What was seen that speaks for something unusual, and how it fades.

import Learning

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
    mutating func note(_ new: Float, observed seen: Float, _ now: UInt32, fading seconds: Float) {
        guard new > 0 else { return }
        if new >= value || new >= Self.faded(value, from: tick, to: now, over: seconds) {
            value = new
            observed = seen
            tick = now
        }
    }

    /// The value as a flow that started at `start` sees it.
    @inline(__always)
    func value(since start: UInt32, fading seconds: Float) -> Float {
        if value == 0 || Int32(bitPattern: start &- tick) <= 0 { return value }
        return Self.faded(value, from: tick, to: start, over: seconds)
    }

    @inline(__always)
    private static func faded(_ value: Float, from tick: UInt32, to now: UInt32, over seconds: Float) -> Float {
        let age = DetectorClock.seconds(from: tick, to: now)
        if age <= 0 { return value }
        if age > 12 * seconds { return 0 }
        return value * Float(PortableMath.exp(Double(-age / seconds)))
    }
}
