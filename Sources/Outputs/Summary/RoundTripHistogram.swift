// Medians and percentiles of round-trip times in fixed memory.

/// A histogram of times in microseconds with four buckets per doubling, from 1 µs to over two minutes.
///
/// A quantile is interpolated within its bucket, so it is off by less than an eighth of itself.
struct RoundTripHistogram {
    private var buckets: InlineArray<108, UInt32> = .init(repeating: 0)
    /// Times added.
    private(set) var count: UInt64 = 0

    /// Adds one time.
    mutating func add(_ microseconds: UInt32) {
        let value = UInt64(max(microseconds, 1))
        let octave = 63 - value.leadingZeroBitCount
        let quarter = Int(((value << 2) >> UInt64(octave)) & 3)
        let bucket = min(octave * 4 + quarter, buckets.count - 1)
        buckets[bucket] &+= 1
        count += 1
    }

    /// Adds all times of another histogram.
    mutating func add(_ other: RoundTripHistogram) {
        for index in buckets.indices { buckets[index] &+= other.buckets[index] }
        count += other.count
    }

    /// The time that the given share of all times does not exceed; nil without any.
    func quantile(_ share: Double) -> UInt64? {
        guard count > 0 else { return nil }
        let rank = share * Double(count)
        var below = 0.0
        for index in buckets.indices where buckets[index] > 0 {
            let inside = Double(buckets[index])
            if below + inside >= rank {
                let lower = Self.lowerBound(index)
                let width = Self.lowerBound(index + 1) - lower
                return UInt64((lower + width * (rank - below) / inside).rounded())
            }
            below += inside
        }
        return UInt64(Self.lowerBound(buckets.count))
    }

    /// Smallest time of a bucket.
    private static func lowerBound(_ bucket: Int) -> Double {
        Double(sign: .plus, exponent: bucket / 4, significand: 1 + Double(bucket % 4) / 4)
    }
}
