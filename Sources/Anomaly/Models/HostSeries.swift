// The last minutes of a host.

/// What a host did in the minute at hand and in those before, as logarithms of counts. Plain memory.
struct HostSeries {
    enum Count: Int {
        case starts, asked, newPeers, failures, names, records, bytesUp, bytesDown
    }

    private var current = SIMD8<Float>()
    private var minutes: InlineArray<8, SIMD8<Float>> = .init(repeating: SIMD8())
    private var minute: UInt32 = 0
    private var filled = 0

    /// Adds to a count of the minute at hand.
    mutating func add(_ count: Count, _ amount: Float = 1) { current[count.rawValue] += amount }

    /// Ends the minute before `now`, if one has passed.
    ///
    /// - Returns: the series before the ended minute and that minute, once the series is full.
    mutating func turn(_ now: UInt32) -> (series: [Float], minute: [Float])? {
        let present = now / (60 * DetectorClock.ticksPerSecond)
        guard present != minute else { return nil }
        defer { minute = present }
        guard minute != 0 else { return nil }
        var ended = SIMD8<Float>()
        for index in 0..<8 { ended[index] = AnomalyDetector.logarithm(current[index]) * 0.5 }
        let example: (series: [Float], minute: [Float])? =
            filled >= 8 ? ((0..<8).flatMap { row in (0..<8).map { minutes[row][$0] } }, (0..<8).map { ended[$0] }) : nil
        push(ended)
        // Minutes without traffic, as far as the series reaches.
        for _ in 1..<max(1, min(8, present &- minute)) { push(SIMD8()) }
        current = SIMD8()
        return example
    }

    private mutating func push(_ row: SIMD8<Float>) {
        for index in 0..<7 { minutes[index] = minutes[index + 1] }
        minutes[7] = row
        filled = min(8, filled + 1)
    }
}
