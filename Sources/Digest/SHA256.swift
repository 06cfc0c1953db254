// SHA-256, for JA4 fingerprints.

/// The SHA-256 message digest (FIPS 180-4). Allocates nothing; a value is used by one thread at a time.
public struct SHA256: Sendable {
    /// Length of a digest in bytes.
    public static let digestLength = 32

    /// The fractions of the square roots of the first 8 primes.
    private var state: InlineArray<8, UInt32> = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c,
        0x1f83_d9ab, 0x5be0_cd19,
    ]
    private var buffer = BlockBuffer()

    public init() {}

    /// The digest of one message.
    public static func digest(of bytes: UnsafeRawBufferPointer) -> InlineArray<32, UInt8> {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finish()
    }

    /// Adds the next bytes of the message.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        var next = state
        buffer.append(bytes) { Self.compress($0, into: &next) }
        state = next
    }

    /// The digest of all bytes added; the value must not be used afterwards.
    public mutating func finish() -> InlineArray<32, UInt8> {
        var next = state
        buffer.pad(bigEndianLength: true) { Self.compress($0, into: &next) }
        var digest = InlineArray<32, UInt8>(repeating: 0)
        for index in digest.indices {
            digest[index] = UInt8(truncatingIfNeeded: next[index >> 2] >> (24 &- UInt32(index & 3) &* 8))
        }
        return digest
    }

    /// One block, FIPS 180-4 section 6.2.2, with a message schedule of 16 words that is overwritten in a circle.
    private static func compress(_ block: UnsafeRawBufferPointer, into state: inout InlineArray<8, UInt32>) {
        var words = InlineArray<16, UInt32> {
            UInt32(bigEndian: block.loadUnaligned(fromByteOffset: $0 &* 4, as: UInt32.self))
        }
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for index in 0..<64 {
            if index >= 16 {
                let early = words[(index &+ 1) & 15]
                let late = words[(index &+ 14) & 15]
                let earlyMixed = rotateRight(early, 7) ^ rotateRight(early, 18) ^ early >> 3
                let lateMixed = rotateRight(late, 17) ^ rotateRight(late, 19) ^ late >> 10
                words[index & 15] &+= earlyMixed &+ words[(index &+ 9) & 15] &+ lateMixed
            }
            let chosen = g ^ (e & (f ^ g))
            let majority = (a & b) | (c & (a | b))
            let upper = rotateRight(e, 6) ^ rotateRight(e, 11) ^ rotateRight(e, 25)
            let lower = rotateRight(a, 2) ^ rotateRight(a, 13) ^ rotateRight(a, 22)
            let sum = h &+ upper &+ chosen &+ constants[index] &+ words[index & 15]
            (h, g, f, e, d, c, b, a) = (g, f, e, d &+ sum, c, b, a, sum &+ lower &+ majority)
        }
        state[0] &+= a
        state[1] &+= b
        state[2] &+= c
        state[3] &+= d
        state[4] &+= e
        state[5] &+= f
        state[6] &+= g
        state[7] &+= h
    }

    @inline(__always)
    private static func rotateRight(_ value: UInt32, _ count: UInt32) -> UInt32 {
        value >> count | value << (32 &- count)
    }

    /// The fractions of the cube roots of the first 64 primes.
    private static let constants: InlineArray<64, UInt32> = [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1,
        0x923f_82a4, 0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3,
        0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786,
        0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
        0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147,
        0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13,
        0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
        0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
        0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a,
        0x5b9c_ca4f, 0x682e_6ff3, 0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208,
        0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ]
}
