// How long things take, counted in classes.

/// Counts of durations by class, with their sum: what a Prometheus histogram needs.
struct LatencyHistogram: Sendable, Equatable {
    /// Upper bounds of the classes in seconds; a last class has what is longer.
    static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    private(set) var counts = [UInt64](repeating: 0, count: bounds.count)
    private(set) var count: UInt64 = 0
    /// Seconds.
    private(set) var sum = 0.0

    /// Counts a duration; negative ones, of clocks that were set, as none.
    mutating func add(seconds: Double) {
        let seconds = max(0, seconds)
        count += 1
        sum += seconds
        if let place = Self.bounds.firstIndex(where: { seconds <= $0 }) { counts[place] += 1 }
    }
}
