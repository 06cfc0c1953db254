// Entropy of payload bytes.

/// The Shannon entropy of a run of bytes in bits per byte: 0 when all are equal, at most 8 (Shannon: A Mathematical
/// Theory of Communication, 1948). Zero for no bytes.
///
/// Deterministic on every machine: logarithms come from additions and multiplications alone, never from a mathematics
/// library. Of n bytes the largest possible value is log2(n), 6 for 64 bytes.
public func shannonEntropy(_ bytes: UnsafeRawBufferPointer) -> Double {
    guard !bytes.isEmpty else { return 0 }
    var counts = InlineArray<256, UInt32>(repeating: 0)
    for byte in bytes { counts[Int(byte)] &+= 1 }
    var sum = 0.0
    for byte in bytes where counts[Int(byte)] > 0 {
        let count = counts[Int(byte)]
        sum += Double(count) * BinaryLogarithm.of(count)
        counts[Int(byte)] = 0
    }
    return max(0, BinaryLogarithm.of(UInt32(bytes.count)) - sum / Double(bytes.count))
}

/// Logarithms to base 2 of whole numbers.
enum BinaryLogarithm {
    /// Logarithms of 0 (unused) to 64: all that the head of a payload needs.
    private static let table: InlineArray<65, Double> = InlineArray { computed(UInt32(max(1, $0))) }

    static func of(_ value: UInt32) -> Double {
        value <= 64 ? table[Int(value)] : computed(value)
    }

    /// The classic bit-by-bit method: squaring the mantissa doubles its logarithm, and whether it passes 2 is the next
    /// binary digit (Knuth: The Art of Computer Programming, volume 1, section 1.2.2).
    static func computed(_ value: UInt32) -> Double {
        guard value > 1 else { return 0 }
        let exponent = 31 - value.leadingZeroBitCount
        var mantissa = Double(value) / Double(1 << UInt64(exponent))
        var result = Double(exponent)
        var digit = 0.5
        // The rounding of the squares spoils further digits; 2⁻⁴⁰ is far below what anyone prints.
        for _ in 0..<40 {
            mantissa *= mantissa
            if mantissa >= 2 {
                mantissa /= 2
                result += digit
            }
            digit /= 2
        }
        return result
    }
}
