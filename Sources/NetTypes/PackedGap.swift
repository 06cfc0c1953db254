// A time gap in 16 bits, for records that must stay small.

/// A gap in nanoseconds packed into 16 bits: a floating-point format without sign, 6 bits of exponent and 10 of fraction.
///
/// Exact below 1,024 ns, relative error below 0.1 % above; the largest value stands for 2⁷² ns and more.
@frozen
public struct PackedGap: Hashable, Sendable {
    public var bits: UInt16

    @inlinable
    public init(bits: UInt16) {
        self.bits = bits
    }

    /// Packs a gap; negative ones (packets out of time order) become zero.
    @inlinable
    public init(nanoseconds: Int64) {
        guard nanoseconds >= 1024 else {
            bits = UInt16(truncatingIfNeeded: max(nanoseconds, 0))
            return
        }
        let exponent = 53 - nanoseconds.leadingZeroBitCount
        bits =
            UInt16(truncatingIfNeeded: (exponent + 1) << 10)
            | UInt16(truncatingIfNeeded: (nanoseconds >> exponent) & 1023)
    }

    /// The gap in nanoseconds, rounded down to what 10 bits of fraction hold.
    @inlinable
    public var nanoseconds: Int64 {
        let exponent = Int64(bits >> 10)
        let fraction = Int64(bits & 1023)
        return exponent == 0 ? fraction : (fraction | 1024) << (exponent - 1)
    }
}
