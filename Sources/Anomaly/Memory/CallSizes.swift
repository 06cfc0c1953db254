// Whether the connections of a pair carry the same each time.

import Learning

/// How many of the connections to one port of one peer carried about as many bytes as those before. Plain memory.
struct CallSizes {
    /// How far the logarithms of the bytes up and down may lie from their means: a tenth, and a quarter, as answers vary more.
    private static let tolerance = (up: Float(0.1), down: Float(0.25))
    /// Weight of a new connection in the means.
    private static let pace: Float = 0.25

    private var up: Float = 0
    private var down: Float = 0
    private var alike: Float = 0
    private var count: Float = 0

    /// Takes note of a connection that is over.
    ///
    /// - Parameters: payload bytes each way.
    mutating func note(up bytesUp: UInt64, down bytesDown: UInt64) {
        let sizes = (up: Self.logarithm(bytesUp), down: Self.logarithm(bytesDown))
        if count == 0 {
            (up, down) = sizes
        } else if abs(sizes.up - up) <= Self.tolerance.up, abs(sizes.down - down) <= Self.tolerance.down {
            alike += 1
        }
        up += (sizes.up - up) * Self.pace
        down += (sizes.down - down) * Self.pace
        count += 1
    }

    /// Share of the connections that were like those before, between 0 and 1, with one doubtful one added; 1/2 for none.
    var likeness: Float { (alike + 0.5) / max(1, count) }

    private static func logarithm(_ bytes: UInt64) -> Float { Float(PortableMath.logOnePlus(Double(bytes))) }
}
