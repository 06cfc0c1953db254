// The rows that surprise is measured against.

/// The latest rows of ordinary flows, at most one a connection and a few a client and port, so that no single talker
/// decides what is ordinary.
///
/// Rows wait before they count: those whose host gets into an incident meanwhile are struck out, so that an attack does
/// not become ordinary by lasting.
struct CalibrationSample {
    static let capacity = 16384
    /// Rows younger than this do not count yet.
    static let wait: UInt32 = 120 * DetectorClock.ticksPerSecond

    /// Numbers in a row.
    private let width = Feature.allCases.count
    private var values: [Float]
    private var ticks: [UInt32]
    private var hosts: [UInt64]
    private var next = 0
    private(set) var count = 0

    init() {
        values = Array(repeating: 0, count: Self.capacity * width)
        ticks = Array(repeating: 0, count: Self.capacity)
        hosts = Array(repeating: 0, count: Self.capacity)
    }

    /// Adds a row; the oldest one goes when there is no room.
    mutating func add(_ row: FeatureRow, _ now: UInt32, host: UInt64) {
        values.withUnsafeMutableBufferPointer { values in
            let own = values.extracting((next * width)..<((next + 1) * width))
            own.update(repeating: 0)
            for feature in SetBits(row.present) { own[feature] = row[feature] }
        }
        ticks[next] = now
        hosts[next] = host
        next = (next + 1) % Self.capacity
        count = min(count + 1, Self.capacity)
    }

    /// Strikes out the rows of a host since `tick`.
    mutating func strike(_ host: UInt64, since tick: UInt32) {
        for row in 0..<count where hosts[row] == host && ticks[row] >= tick { ticks[row] = 0 }
    }

    /// Rows that count between two ticks.
    func size(from first: UInt32, to last: UInt32) -> Int {
        ticks[..<count].reduce(0) { $0 + ($1 >= first && $1 <= last && $1 != 0 ? 1 : 0) }
    }

    /// The calibration of each feature, from the rows between two ticks.
    func fit(from first: UInt32, to last: UInt32) -> [TailCalibration] {
        var size = 0
        var positive = [[Float]](repeating: [], count: width)
        for row in 0..<count where ticks[row] >= first && ticks[row] <= last && ticks[row] != 0 {
            size += 1
            for feature in 0..<width {
                let value = values[row * width + feature]
                if value > 0 { positive[feature].append(value) }
            }
        }
        return positive.enumerated().map { feature, values in
            TailCalibration(positive: values, count: size, tail: Feature.specifications[feature].tail)
        }
    }

    /// Saves the rows, or takes them up into an empty sample.
    mutating func exchange(_ archive: ModelArchive) {
        archive.exchange(count: &count, atMost: Self.capacity)
        archive.exchange(count: &next, atMost: Self.capacity - 1)
        values.withUnsafeMutableBufferPointer { archive.exchange($0.baseAddress!, count: count * width) }
        ticks.withUnsafeMutableBufferPointer { archive.exchange($0.baseAddress!, count: count) }
        hosts.withUnsafeMutableBufferPointer { archive.exchange($0.baseAddress!, count: count) }
    }
}
