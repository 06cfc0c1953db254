// What a host sends out for what it receives, against what it usually does.

import Learning

/// Bytes each way over about ten minutes, and the usual logarithm of their ratio. Plain memory.
struct UploadBalance {
    /// Weight of what is believed of an unknown host: receives as much as it sends, within a factor of e.
    private static let prior: Float = 6
    /// Bytes that say nothing either way: below this a ratio means little.
    private static let grain: Float = 16_384
    /// Weight of one more minute in the usual ratio, once it is known.
    private static let pace: Float = 0.05

    private var up: Float = 0
    private var down: Float = 0
    private var last: UInt32 = 0
    private var minute: UInt32 = 0
    private var minutes: Float = 0
    private var usual: Float = 0
    private var spread: Float = 1

    /// What a host's balance says.
    struct Reading {
        /// Bytes sent lately.
        let sent: Float
        /// Bytes sent for each byte received, lately.
        let ratio: Float
        /// How far that lies above the usual, times the logarithm of what was sent; zero when it does not.
        let excess: Float
    }

    /// Adds a record.
    ///
    /// - Parameter learns: whether it may shape what is usual.
    mutating func add(up bytesUp: Float, down bytesDown: Float, _ now: UInt32, learns: Bool) -> Reading {
        let kept = last == 0 ? 0 : Feature.fadings[Feature.uploadBalance.rawValue].factor(from: last, to: now)
        up = up * kept + bytesUp
        down = down * kept + bytesDown
        last = now
        let ratio = (up + Self.grain) / (down + Self.grain)
        let balance = Float(PortableMath.log(Double(ratio)))
        let above = max(0, balance - max(0, usual) - 2 * spread)
        let excess = above * Float(PortableMath.logOnePlus(Double(up / 65_536)))
        if learns { learn(balance, now) }
        return Reading(sent: up, ratio: ratio, excess: excess)
    }

    /// Takes in the balance, once a minute.
    private mutating func learn(_ balance: Float, _ now: UInt32) {
        let present = now / (60 * DetectorClock.ticksPerSecond)
        guard present != minute else { return }
        minute = present
        minutes += 1
        let weight = max(Self.pace, 1 / (minutes + Self.prior))
        spread += (abs(balance - usual) - spread) * weight
        spread = max(0.3, spread)
        usual += (balance - usual) * weight
    }
}
