// What MD5, SHA-1 and SHA-256 have in common: cutting a message into blocks of 64 bytes, and padding its end.

/// Bytes of a message that do not fill a block yet, and the length of the message so far.
///
/// The three algorithms pad alike: one bit 1, zeros, and the length in bits as the last eight bytes of a block
/// (RFC 1321 section 3, FIPS 180-4 section 5.1.1). They differ only in the byte order of that length.
struct BlockBuffer: Sendable {
    static let blockLength = 64

    private var block: InlineArray<64, UInt8> = .init(repeating: 0)
    private var filled = 0
    private var length: UInt64 = 0

    /// Adds bytes and hands every full block to `compress`.
    @inline(__always)
    mutating func append(_ bytes: UnsafeRawBufferPointer, _ compress: (UnsafeRawBufferPointer) -> Void) {
        length &+= UInt64(bytes.count)
        var rest = bytes
        if filled > 0 {
            let taken = min(Self.blockLength - filled, rest.count)
            keep(UnsafeRawBufferPointer(rebasing: rest[..<taken]))
            rest = UnsafeRawBufferPointer(rebasing: rest[taken...])
            guard filled == Self.blockLength else { return }
            withUnsafeBytes(of: &block) { compress($0) }
            filled = 0
        }
        while rest.count >= Self.blockLength {
            compress(UnsafeRawBufferPointer(rebasing: rest[..<Self.blockLength]))
            rest = UnsafeRawBufferPointer(rebasing: rest[Self.blockLength...])
        }
        keep(rest)
    }

    /// Pads the message and hands its last one or two blocks to `compress`.
    @inline(__always)
    mutating func pad(bigEndianLength: Bool, _ compress: (UnsafeRawBufferPointer) -> Void) {
        let bits = bigEndianLength ? (length &* 8).bigEndian : (length &* 8).littleEndian
        let lengthOffset = Self.blockLength - 8
        block[filled] = 0x80
        for index in (filled + 1)..<Self.blockLength { block[index] = 0 }
        withUnsafeMutableBytes(of: &block) { bytes in
            if filled >= lengthOffset {
                compress(UnsafeRawBufferPointer(bytes))
                bytes.initializeMemory(as: UInt8.self, repeating: 0)
            }
            bytes.storeBytes(of: bits, toByteOffset: lengthOffset, as: UInt64.self)
            compress(UnsafeRawBufferPointer(bytes))
        }
    }

    @inline(__always)
    private mutating func keep(_ bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty else { return }
        withUnsafeMutableBytes(of: &block) {
            UnsafeMutableRawBufferPointer(rebasing: $0[filled...]).copyMemory(from: bytes)
        }
        filled += bytes.count
    }
}
