// The first bytes of a direction, as classes.

import Learning

/// Says what the first payload bytes look like, coarsely enough that ordinary traffic soon has been seen.
struct PayloadHead {
    private let bytes: UnsafeRawBufferPointer
    let printableShare: Float
    /// Shannon entropy of the bytes, in bits.
    let entropy: Float

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        var counts = InlineArray<256, UInt8>(repeating: 0)
        var present = SIMD4<UInt64>()
        var printable = 0
        for byte in bytes.prefix(64) {
            counts[Int(byte)] &+= 1
            present[Int(byte >> 6)] |= 1 << UInt64(byte & 63)
            if byte >= 32 && byte < 127 || byte == 9 || byte == 10 || byte == 13 { printable += 1 }
        }
        let total = Float(min(64, bytes.count))
        printableShare = total > 0 ? Float(printable) / total : 0
        var sum: Float = 0
        for quarter in 0..<4 {
            for bit in SetBits(present[quarter]) {
                let count = counts[quarter << 6 | bit]
                if count > 1 { sum += Float(count) * CountLogarithm.of(Int(count)) }
            }
        }
        entropy = total > 1 ? (CountLogarithm.of(Int(total)) - sum / total) * 1.442695 : 0
    }

    /// A code of the first bytes: text with its digits made equal, or two bytes and a class of length.
    func prefixCode(_ count: Int, isText: Bool = false) -> UInt64 {
        var code: UInt64 = 1
        if isText || printableShare > 0.9 {
            for byte in bytes.prefix(count) { code = code << 8 | UInt64(byte >= 48 && byte < 58 ? 48 : byte) }
        } else {
            for byte in bytes.prefix(2) { code = code << 8 | UInt64(byte) }
            code = code << 8 | UInt64(min(3, bytes.count / 20)) | 1 << 60
        }
        return code
    }

    /// One of twelve classes of text and randomness.
    var mix: UInt8 { UInt8(min(2, printableShare * 3)) << 2 | UInt8(min(3, max(0, entropy / 2))) }
}
