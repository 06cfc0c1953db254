// What happened to every bit, by what the traffic truly was.

/// Sums over an interval or a run; the lanes are true classes, the last one attacks.
public struct Accounts: Sendable, Equatable {
    /// Bits that reached a queue or were cut by the limiter.
    public var offered = ClassVector()
    /// Bits that left a path.
    public var delivered = ClassVector()
    /// Bits lost in queues or at the limiter.
    public var dropped = ClassVector()
    /// Delay times delivered bits, in bit seconds.
    public var delay = ClassVector()
    /// Bits lost at the limiter alone.
    public var limited = ClassVector()
    /// Live flows that changed their path.
    public var movedFlows = 0
    /// Bits that the paths could have carried.
    public var capacity = 0.0

    public init() {}

    static func += (sum: inout Accounts, part: Accounts) {
        sum.offered += part.offered
        sum.delivered += part.delivered
        sum.dropped += part.dropped
        sum.delay += part.delay
        sum.limited += part.limited
        sum.movedFlows += part.movedFlows
        sum.capacity += part.capacity
    }

    /// How good an interval was, as one number.
    ///
    /// Goodput as a share of the contracts, less 0.4 for each 100 ms of mean real-time delay and 0.2 for each 100 ms of
    /// mean delay (both counted up to 300 ms), less the lost share of legitimate and of real-time bits, less 0.002 for
    /// each flow moved.
    public func utility(nominal: Double, seconds: Double) -> Double {
        let delivered = delivered.legitimate
        let realTime = self.delivered.realTime
        let delayAll = delay.legitimate / max(delivered, 1)
        let delayRealTime = delay.realTime / max(realTime, 1)
        return delivered / (seconds * nominal)
            - 0.4 * min(3, delayRealTime / 0.1) - 0.2 * min(3, delayAll / 0.1)
            - dropped.legitimate / max(offered.legitimate, 1) - dropped.realTime / max(offered.realTime, 1)
            - 0.002 * Double(movedFlows)
    }
}
