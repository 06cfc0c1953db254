// From an interface's own time units to nanoseconds.

import NetTypes

/// How the packet times of a pcapng interface count (options if_tsresol and if_tsoffset of
/// draft-ietf-opsawg-pcapng, section 4.2). Conversion is exact in integers and rounds towards the past.
struct TimestampResolution: Equatable {
    /// Times are held within ±73 years of the epoch (1823 to 2116), so that sums with timeouts cannot overflow. The
    /// pcap format ends in 2106.
    private static let limit = Int128(Int64.max / 2)

    private enum Scale: Equatable {
        case multiply(UInt64)
        case divide(UInt128)
        /// Units of 2^-n seconds.
        case binary(UInt8)
        /// Units so small that 2^64 of them are below a nanosecond.
        case nothing
    }

    private let scale: Scale
    private let offset: Int128

    /// - Parameters:
    ///   - code: the byte of if_tsresol: the exponent of a negative power of 10, or of 2 when the top bit is set.
    ///   - offsetSeconds: the value of if_tsoffset.
    init(code: UInt8 = 6, offsetSeconds: Int64 = 0) {
        offset = Int128(offsetSeconds) * 1_000_000_000
        let exponent = code & 0x7f
        switch (isBinary: code & 0x80 != 0, exponent) {
        case (false, 0...9): scale = .multiply(Self.powerOfTen(9 - exponent, UInt64.self))
        case (false, 10...29): scale = .divide(Self.powerOfTen(exponent - 9, UInt128.self))
        case (true, 0...93): scale = .binary(exponent)
        default: scale = .nothing
        }
    }

    private static func powerOfTen<Number: FixedWidthInteger>(_ exponent: UInt8, _: Number.Type) -> Number {
        (0..<exponent).reduce(1) { power, _ in power * 10 }
    }

    /// The moment that `ticks` units after the interface's offset are.
    func time(ticks: UInt64) -> Timestamp {
        let nanoseconds: UInt128 =
            switch scale {
            case .multiply(let factor): UInt128(ticks) * UInt128(factor)
            case .divide(let divisor): UInt128(ticks) / divisor
            case .binary(let exponent): (UInt128(ticks) * 1_000_000_000) >> UInt128(exponent)
            case .nothing: 0
            }
        let sum = Int128(nanoseconds) + offset
        return Timestamp(nanoseconds: Int64(max(-Self.limit, min(Self.limit, sum))))
    }
}
