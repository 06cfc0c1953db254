// Whether a stream of numbers has changed.

import Learning

/// A window that is as long as the stream has been the same (ADWIN: Bifet and Gavaldà, Learning from time-changing data with
/// adaptive windowing, SDM 2007).
///
/// The window is kept as buckets of 1, 2, 4, ... numbers, at most five of a size, so that it takes logarithmic memory. When
/// the means of an older and a newer part differ by more than chance allows, the older part is dropped: that is the change.
struct AdaptiveWindow {
    private static let mostOfSize = 5
    /// Numbers between two looks.
    private static let stride = 32
    /// Least numbers on each side of a cut.
    private static let fewest = 100.0
    /// Chance that a look at an unchanging stream sees a change.
    private static let confidence = 1e-6

    private struct Bucket {
        var count: Double
        var sum: Double
        /// Sum of squared differences from the bucket's mean.
        var spread: Double

        mutating func merge(_ other: Bucket) {
            let difference = sum / count - other.sum / other.count
            spread += other.spread + difference * difference * count * other.count / (count + other.count)
            count += other.count
            sum += other.sum
        }
    }

    /// Oldest first.
    private var buckets: [Bucket] = []
    private var added = 0

    init() {}

    /// Mean of the window; zero when it is empty.
    var mean: Double {
        let count = count
        return count > 0 ? buckets.reduce(0) { $0 + $1.sum } / count : 0
    }

    /// Numbers in the window.
    var count: Double { buckets.reduce(0) { $0 + $1.count } }

    /// Takes in a number between 0 and 1.
    ///
    /// - Returns: the means before and after a change, nil as long as there is none.
    mutating func add(_ value: Double) -> (before: Double, after: Double)? {
        buckets.append(Bucket(count: 1, sum: value, spread: 0))
        compress()
        added += 1
        return added % Self.stride == 0 ? cut() : nil
    }

    /// Merges the two oldest of too many buckets of a size, from the smallest on. Sizes fall towards the newest.
    private mutating func compress() {
        var size = 1.0
        var end = buckets.count
        while true {
            var first = end
            while first > 0, buckets[first - 1].count == size { first -= 1 }
            guard end - first > Self.mostOfSize else { return }
            buckets[first].merge(buckets[first + 1])
            buckets.remove(at: first + 1)
            end = first + 1
            size *= 2
        }
    }

    private mutating func cut() -> (before: Double, after: Double)? {
        guard var whole = buckets.first else { return nil }
        for bucket in buckets.dropFirst() { whole.merge(bucket) }
        let variance = whole.spread / whole.count
        let logarithm = PortableMath.log(2 * PortableMath.log(max(3, whole.count)) / Self.confidence)
        var older = (count: 0.0, sum: 0.0)
        for index in buckets.indices.dropLast() {
            older.count += buckets[index].count
            older.sum += buckets[index].sum
            let newer = (count: whole.count - older.count, sum: whole.sum - older.sum)
            guard older.count >= Self.fewest, newer.count >= Self.fewest else { continue }
            let inverse = 1 / older.count + 1 / newer.count
            let bound = (2 * inverse * variance * logarithm).squareRoot() + 2.0 / 3 * inverse * logarithm
            let (before, after) = (older.sum / older.count, newer.sum / newer.count)
            guard abs(before - after) > bound else { continue }
            buckets.removeFirst(index + 1)
            return (before, after)
        }
        return nil
    }

    /// Saves or takes up the window.
    mutating func exchange(_ archive: ModelArchive) {
        archive.exchange(&buckets, atMost: 1 << 12)
        archive.exchange(&added)
    }
}
