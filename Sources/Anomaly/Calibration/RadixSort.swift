// Sorting many positive numbers.

/// Sorts by digits of eleven bits, least significant first (Knuth, The Art of Computer Programming, vol. 3, 5.2.5).
enum RadixSort {
    private static let digits = 1 << 11

    /// Positive numbers in ascending order: their bit patterns have the same order.
    static func ascending(_ numbers: [Float]) -> [Float] {
        guard numbers.count > 512 else { return numbers.sorted() }
        var source = numbers.map(\.bitPattern)
        var target = source
        for shift in [UInt32(0), 11, 22] {
            var places = [Int32](repeating: 0, count: digits + 1)
            for bits in source { places[Int(bits >> shift) % digits + 1] += 1 }
            for digit in 1..<digits { places[digit] += places[digit - 1] }
            for bits in source {
                let digit = Int(bits >> shift) % digits
                target[Int(places[digit])] = bits
                places[digit] += 1
            }
            swap(&source, &target)
        }
        return source.map { Float(bitPattern: $0) }
    }
}
