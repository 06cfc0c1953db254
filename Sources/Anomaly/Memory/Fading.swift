// How evidence fades, looked up.

import Learning

/// Factors of an exponential decay by age in ticks: the same bits as e^(−age/seconds), without computing it.
///
/// Rows of features read evidence far more often than anything else, and most of it is of another second. Beyond twelve
/// time constants nothing is left. The tables of all features together take less than a megabyte.
struct Fading: @unchecked Sendable {
    private let factors: UnsafePointer<Float>
    private let count: Int32

    /// - Parameter seconds: the time constant.
    init(seconds: Float) {
        let ticks = Int(12 * seconds * Float(DetectorClock.ticksPerSecond))
        let table: UnsafeMutablePointer<Float> = ZeroedMemory.reserve(ticks + 1)
        for tick in 0...ticks {
            let age = DetectorClock.seconds(from: 0, to: UInt32(tick))
            table[tick] = Float(PortableMath.exp(Double(-age / seconds)))
        }
        // Kept for the whole run: there is one table for each time constant.
        factors = UnsafePointer(table)
        count = Int32(ticks + 1)
    }

    /// What is left of a value of one tick at a later one.
    @inline(__always)
    func factor(from tick: UInt32, to now: UInt32) -> Float {
        let age = Int32(bitPattern: now &- tick)
        if age <= 0 { return 1 }
        return age < count ? factors[Int(age)] : 0
    }
}

/// The fading of each feature.
struct Fadings: @unchecked Sendable {
    // Kept for the whole run, as the tables are.
    private let fadings: UnsafePointer<Fading>

    init(seconds: [Float]) {
        var known: [Float: Fading] = [:]
        let fadings = UnsafeMutablePointer<Fading>.allocate(capacity: seconds.count)
        for (feature, constant) in seconds.enumerated() {
            let fading = known[constant] ?? Fading(seconds: constant)
            known[constant] = fading
            (fadings + feature).initialize(to: fading)
        }
        self.fadings = UnsafePointer(fadings)
    }

    /// The fading of a feature by its number.
    @inline(__always)
    subscript(feature: Int) -> Fading { fadings[feature] }
}

extension Feature {
    static let fadings = Fadings(seconds: specifications.map(\.fading))
}
