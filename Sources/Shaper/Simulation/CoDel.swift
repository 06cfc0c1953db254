// Controlled delay: drops from the front when packets have waited too long for too long.

/// The control law of RFC 8289 with Linux's defaults: target 5 ms, interval 100 ms.
struct CoDel: Sendable {
    static let target = 0.005
    static let interval = 0.1

    private var aboveSince: Double?
    private var isDropping = false
    private var count = 0.0
    private var previousCount = 0.0
    private var nextDrop = 0.0

    /// How many packets to drop now, given how long the packet at the front has waited.
    ///
    /// - Parameters:
    ///   - sojourn: Seconds that the front has waited.
    ///   - backlog: Bits that wait; less than one packet never counts as a standing queue.
    mutating func drops(sojourn: Double, backlog: Double, at now: Double) -> Int {
        guard sojourn >= CoDel.target, backlog > FairQueue.packet else {
            aboveSince = nil
            isDropping = false
            return 0
        }
        guard let since = aboveSince else {
            aboveSince = now
            return 0
        }
        if isDropping {
            var drops = 0
            while now >= nextDrop {
                drops += 1
                count += 1
                nextDrop += CoDel.interval / count.squareRoot()
            }
            return drops
        }
        guard now - since >= CoDel.interval else { return 0 }
        isDropping = true
        // A queue that was dropped from a moment ago resumes near the rate that held it.
        let gained = count - previousCount
        count = gained > 1 && now - nextDrop < 16 * CoDel.interval ? gained : 1
        previousCount = count
        nextDrop = now + CoDel.interval / count.squareRoot()
        return 1
    }
}
