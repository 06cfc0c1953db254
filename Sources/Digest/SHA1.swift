// SHA-1, for Community ID and certificate fingerprints, which are defined by it. Not for anything that must resist an
// attacker.

import CDigest

/// The SHA-1 message digest (FIPS 180-4). Allocates nothing; a value is used by one thread at a time.
public struct SHA1: Sendable {
    /// Length of a digest in bytes.
    public static let digestLength = 20

    private var state: InlineArray<5, UInt32> = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0]
    private var buffer = BlockBuffer()

    public init() {}

    /// The digest of one message.
    public static func digest(of bytes: UnsafeRawBufferPointer) -> InlineArray<20, UInt8> {
        var hash = SHA1()
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
    public mutating func finish() -> InlineArray<20, UInt8> {
        var next = state
        buffer.pad(bigEndianLength: true) { Self.compress($0, into: &next) }
        var digest = InlineArray<20, UInt8>(repeating: 0)
        for index in digest.indices {
            digest[index] = UInt8(truncatingIfNeeded: next[index >> 2] >> (24 &- UInt32(index & 3) &* 8))
        }
        return digest
    }

    private static func compress(_ block: UnsafeRawBufferPointer, into state: inout InlineArray<5, UInt32>) {
        guard lepton_has_sha1() else { return compressPortably(block, into: &state) }
        var span = state.mutableSpan
        span.withUnsafeMutableBufferPointer { words in
            lepton_sha1_block(words.baseAddress, block.baseAddress?.assumingMemoryBound(to: UInt8.self))
        }
    }

    /// One block, FIPS 180-4 section 6.1.3: the variant that keeps only 16 words of the message schedule.
    static func compressPortably(_ block: UnsafeRawBufferPointer, into state: inout InlineArray<5, UInt32>) {
        var words = InlineArray<16, UInt32> {
            UInt32(bigEndian: block.loadUnaligned(fromByteOffset: $0 &* 4, as: UInt32.self))
        }
        var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])

        @inline(__always)
        func step(_ index: Int, _ mixed: UInt32, _ constant: UInt32) {
            let sum = rotateLeft(a, 5) &+ mixed &+ e &+ constant &+ words[index & 15]
            (e, d, c, b, a) = (d, c, rotateLeft(b, 30), a, sum)
        }

        @inline(__always)
        func expand(_ index: Int) {
            let sum = words[(index &+ 13) & 15] ^ words[(index &+ 8) & 15] ^ words[(index &+ 2) & 15]
            words[index & 15] = rotateLeft(sum ^ words[index & 15], 1)
        }

        for index in 0..<16 { step(index, d ^ (b & (c ^ d)), 0x5a82_7999) }
        for index in 16..<20 {
            expand(index)
            step(index, d ^ (b & (c ^ d)), 0x5a82_7999)
        }
        for index in 20..<40 {
            expand(index)
            step(index, b ^ c ^ d, 0x6ed9_eba1)
        }
        for index in 40..<60 {
            expand(index)
            step(index, (b & c) | (d & (b | c)), 0x8f1b_bcdc)
        }
        for index in 60..<80 {
            expand(index)
            step(index, b ^ c ^ d, 0xca62_c1d6)
        }
        state[0] &+= a
        state[1] &+= b
        state[2] &+= c
        state[3] &+= d
        state[4] &+= e
    }

    @inline(__always)
    private static func rotateLeft(_ value: UInt32, _ count: UInt32) -> UInt32 {
        value << count | value >> (32 &- count)
    }
}
