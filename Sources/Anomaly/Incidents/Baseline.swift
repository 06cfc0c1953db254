// When the detector has learned enough to raise alerts.

/// The time in which the detector only learns: as long as the operator says, or as long as it takes.
///
/// An adaptive baseline goes by windows of five minutes. It is over when one of them brought no finding stranger than those
/// before it: what is still to come is then unlikely to be stranger for being ordinary and unseen (the record of a
/// stationary series is broken in the n-th of n equal windows with probability 1/n: Chandler, The distribution and
/// frequency of record values, 1952). It takes fifteen minutes at least, since the first window has nothing to measure
/// findings with and the second sets the mark, and an hour at most, so that whatever goes on meanwhile cannot put it off for ever.
struct Baseline {
    /// Seconds.
    static let longest = 3600.0
    private static let window = 300.0
    /// Records in the calibration sample that it takes: a quiet hour teaches little.
    private static let fewest = 300

    private let length: UInt32
    private let isAdaptive: Bool
    private var windowEnd: UInt32
    private var windows = 0
    /// The strongest finding of this window, and of those before it.
    private var strongest: Float = 0
    private var mark: Float = 0
    /// Whether alerts are raised.
    private(set) var isOver = false

    /// - Parameter seconds: how long it takes; nil to find out.
    init(seconds: Double?) {
        isAdaptive = seconds == nil
        let ticks = { (seconds: Double) in UInt32(min(seconds, 1e8) * Double(DetectorClock.ticksPerSecond)) }
        length = ticks(seconds ?? Self.longest)
        windowEnd = DetectorClock.origin + ticks(Self.window)
    }

    /// Takes note of a finding.
    mutating func note(_ score: Float) { strongest = max(strongest, score) }

    /// Moves to the time `now`.
    ///
    /// - Parameter records: records in the calibration sample.
    mutating func advance(to now: UInt32, records: Int) {
        guard !isOver else { return }
        if now >= DetectorClock.origin + length { isOver = true }
        guard isAdaptive, now >= windowEnd else { return }
        windows += 1
        windowEnd = now + UInt32(Self.window * Double(DetectorClock.ticksPerSecond))
        if windows > 2, strongest <= mark, records >= Self.fewest { isOver = true }
        mark = max(mark, strongest)
        strongest = 0
    }

    /// Saves how far it got, or takes that up; how long it takes is for the present policy to say.
    mutating func exchange(_ archive: ModelArchive) {
        archive.exchange(&windowEnd)
        archive.exchange(&windows)
        archive.exchange(&strongest)
        archive.exchange(&mark)
        archive.exchange(&isOver)
        if archive.isReading, !isAdaptive { isOver = false }
    }
}
