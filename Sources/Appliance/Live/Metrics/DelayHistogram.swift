// How long things take, in buckets.

import Synchronization

/// Counts delays by size. Any thread may add or read.
final class DelayHistogram: Sendable {
    /// Upper bounds of the buckets in seconds; one more has no bound.
    static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

    private let buckets = Mutex<(counts: [Int], microseconds: Int)>(
        (Array(repeating: 0, count: bounds.count + 1), 0))

    /// Adds a delay; negative ones count as none.
    func add(seconds: Double) {
        let seconds = max(0, seconds)
        let index = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
        buckets.withLock {
            $0.counts[index] += 1
            $0.microseconds += Int(seconds * 1e6)
        }
    }

    /// Delays by bucket, those beyond the last bound at the end.
    var counts: [Int] { buckets.withLock { $0.counts } }

    /// Sum of all delays.
    var microseconds: Int { buckets.withLock { $0.microseconds } }
}
