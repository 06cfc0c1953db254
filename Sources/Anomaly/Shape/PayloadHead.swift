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
        let steps = EntropySteps.shared
        var sum: Int32 = 0
        var printable = 0
        let total = min(EntropySteps.most, bytes.count)
        for position in 0..<total {
            let byte = bytes[position]
            sum &+= steps[counts[Int(byte)]]
            counts[Int(byte)] &+= 1
            let isText = byte &- 32 < 95 || byte < 14 && 0x2600 >> UInt16(byte) & 1 != 0
            printable &+= isText ? 1 : 0
        }
        printableShare = total > 0 ? Float(printable) / Float(total) : 0
        let mean = Float(sum) / (EntropySteps.scale * Float(total))
        entropy = total > 1 ? (CountLogarithm.of(total) - mean) * 1.442695 : 0
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

/// What one more equal byte adds to the sum of c ln c over the counts c of different bytes, in fixed point: whole numbers
/// give the same sum in any order.
private struct EntropySteps: @unchecked Sendable {
    /// Bytes that are looked at.
    static let most = 64
    static let scale: Float = 65536
    static let shared = EntropySteps()

    // Kept for the whole run.
    private let steps: UnsafePointer<Int32>

    private init() {
        let steps: UnsafeMutablePointer<Int32> = ZeroedMemory.reserve(Self.most)
        for count in 2...Self.most {
            let sum = { (count: Int) in Float(count) * CountLogarithm.of(count) * Self.scale }
            steps[count - 1] = Int32(sum(count).rounded()) - Int32(sum(count - 1).rounded())
        }
        self.steps = UnsafePointer(steps)
    }

    /// - Parameter count: how often the byte came before, less than `most`.
    @inline(__always)
    subscript(count: UInt8) -> Int32 { steps[Int(count)] }
}
