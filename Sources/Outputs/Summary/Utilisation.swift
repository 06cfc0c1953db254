// Bytes over time for many items at once, in a fixed number of buckets.

/// The time axis that all series of a summary share: at most 64 buckets, each twice as wide whenever they do not reach.
///
/// A bucket is named by its number since the epoch, so neighbours 2n and 2n + 1 merge into n of the next level, and the
/// axis can grow to either side. Series follow lazily (`UtilisationSeries.catchUp`).
struct UtilisationAxis {
    static let buckets = 64
    /// Width of a bucket at level 0: a sixty-fourth of a second, so that level 6 is a second.
    static let finestWidth: Int64 = 15_625_000

    private(set) var level = 0
    /// First and last bucket in use at this level.
    private(set) var low: Int64 = 0
    private(set) var high: Int64 = -1
    /// First bucket that was in use at each level when it was left.
    private var lows: InlineArray<64, Int64> = .init(repeating: 0)

    /// Width of a bucket in nanoseconds.
    var width: Int64 { Self.finestWidth << Int64(level) }

    var isEmpty: Bool { high < low }

    /// Makes sure that a span of time lies on the axis and returns its first and last bucket.
    @inline(__always)
    mutating func cover(from start: Int64, through end: Int64) -> (first: Int64, last: Int64) {
        let shift = Int64(level)
        let first = (start / Self.finestWidth) >> shift
        let last = max(first, (end / Self.finestWidth) >> shift)
        if first >= low, last <= high { return (first, last) }
        return widen(to: first, last)
    }

    private mutating func widen(to first: Int64, _ last: Int64) -> (first: Int64, last: Int64) {
        var (first, last) = (first, last)
        if isEmpty { (low, high) = (first, first) }
        while max(high, last) - min(low, first) >= Int64(Self.buckets) {
            lows[level] = low
            level += 1
            (low, high, first, last) = (low >> 1, high >> 1, first >> 1, last >> 1)
        }
        low = min(low, first)
        high = max(high, last)
        return (first, last)
    }

    /// First bucket that was in use when `level` was left.
    func low(leaving level: Int) -> Int64 { lows[level] }
}

/// Bytes spread evenly over the buckets from `first` to `last` of an axis's level.
struct UtilisationShare {
    var first: Int64
    var last: Int64
    var bytes: Float

    /// The same on an axis whose buckets are twice as wide, `levels` times over.
    func widened(by levels: Int) -> UtilisationShare {
        UtilisationShare(first: first >> Int64(levels), last: last >> Int64(levels), bytes: bytes)
    }
}

/// Series of bytes over time, one per place of a table, in one block of memory.
///
/// A place's first share is kept as it is, and its buckets are only touched from the second one on: under a flood most
/// links never have a second flow.
struct UtilisationSeries {
    private static let count = UtilisationAxis.buckets

    private struct State {
        var level: UInt8 = 0
        /// Whether `initial` is all there is, and the buckets hold something older.
        var isInitial = true
        var initial = UtilisationShare(first: 0, last: 0, bytes: 0)
    }

    /// A bucket stands at its number modulo 64.
    private var buckets: [Float]
    private var states: [State]

    init(places: Int) {
        buckets = Array(repeating: 0, count: places * Self.count)
        states = Array(repeating: State(), count: places)
    }

    /// Starts a series anew with its first share, which the axis covers.
    mutating func start(_ place: Int, with share: UtilisationShare, level: Int) {
        states[place] = State(level: UInt8(level), isInitial: true, initial: share)
    }

    /// Whether `catchUp` must come before `add`.
    @inline(__always)
    func isBehind(_ place: Int, level: Int) -> Bool {
        states[place].isInitial || Int(states[place].level) != level
    }

    /// Adds a share, which the axis covers.
    @inline(__always)
    mutating func add(_ share: UtilisationShare, at place: Int) {
        let start = place &* Self.count
        let mask = Int64(Self.count - 1)
        if share.first == share.last {
            buckets[start &+ Int(share.first & mask)] += share.bytes
            return
        }
        let part = share.bytes / Float(share.last - share.first + 1)
        for bucket in share.first...share.last { buckets[start &+ Int(bucket & mask)] += part }
    }

    /// The series from the axis's first bucket to its last.
    mutating func values(of place: Int, _ axis: UtilisationAxis) -> [Float] {
        guard !axis.isEmpty else { return [] }
        catchUp(place, axis)
        return (axis.low...axis.high).map { buckets[place * Self.count + Int($0 & Int64(Self.count - 1))] }
    }

    /// Gives a series buckets of the axis's width: merges pairs, or spreads out the first share.
    mutating func catchUp(_ place: Int, _ axis: UtilisationAxis) {
        let level = Int(states[place].level)
        states[place].level = UInt8(axis.level)
        if states[place].isInitial {
            states[place].isInitial = false
            for index in (place * Self.count)..<((place + 1) * Self.count) { buckets[index] = 0 }
            add(states[place].initial.widened(by: axis.level - level), at: place)
        } else {
            for level in level..<axis.level { merge(place, low: axis.low(leaving: level)) }
        }
    }

    /// Merges pairs of buckets, of which `low` is the first in use.
    private mutating func merge(_ place: Int, low: Int64) {
        let start = place * Self.count
        let mask = Int64(Self.count - 1)
        var merged = InlineArray<64, Float>(repeating: 0)
        for bucket in low..<(low + Int64(Self.count)) {
            merged[Int((bucket >> 1) & mask)] += buckets[start + Int(bucket & mask)]
        }
        for index in merged.indices { buckets[start + index] = merged[index] }
    }
}
