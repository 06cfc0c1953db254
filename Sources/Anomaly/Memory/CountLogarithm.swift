// Logarithms of counts, looked up.

import Learning

/// ln(1 + count − 1) as the counters use it: zero for counts of zero and one.
enum CountLogarithm {
    private static let table: [Float] = (0..<4096).map { $0 < 1 ? 0 : Float(PortableMath.log(Double($0))) }

    @inline(__always)
    static func of(_ count: Int) -> Float {
        count < 4096 ? table[max(0, count)] : Float(PortableMath.log(Double(count)))
    }
}
