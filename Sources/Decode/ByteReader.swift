// The decoder's only view of untrusted bytes.

import NetTypes

/// Bounds-checked big-endian access to a frame's captured bytes.
///
/// The one type of the packet decoder that holds a pointer. Reads outside the captured bytes are programmer errors
/// (callers ask `has` first) and trap; they never read.
@frozen @usableFromInline
struct ByteReader {
    @usableFromInline let base: UnsafeRawPointer
    /// Captured bytes.
    @usableFromInline let count: Int
    /// Bytes the frame had on the wire.
    @usableFromInline let wireCount: Int

    @inlinable @inline(__always)
    init(_ frame: Frame) {
        let bytes = frame.bytes
        base = bytes.baseAddress!
        count = bytes.count
        wireCount = max(Int(frame.wireLength), bytes.count)
    }

    /// Whether `length` bytes at `offset` were captured.
    @inlinable @inline(__always)
    func has(_ offset: Int, _ length: Int) -> Bool {
        offset >= 0 && offset &+ length <= count
    }

    /// Whether the frame had `length` bytes at `offset` on the wire, captured or not.
    @inlinable @inline(__always)
    func hadOnWire(_ offset: Int, _ length: Int) -> Bool {
        offset &+ length <= wireCount
    }

    @inlinable @inline(__always)
    func load8(_ offset: Int) -> UInt8 {
        precondition(has(offset, 1))
        return base.load(fromByteOffset: offset, as: UInt8.self)
    }

    @inlinable @inline(__always)
    func load16(_ offset: Int) -> UInt16 {
        precondition(has(offset, 2))
        return UInt16(bigEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    @inlinable @inline(__always)
    func load32(_ offset: Int) -> UInt32 {
        precondition(has(offset, 4))
        return UInt32(bigEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    @inlinable @inline(__always)
    func load64(_ offset: Int) -> UInt64 {
        precondition(has(offset, 8))
        return UInt64(bigEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// The six bytes at `offset`.
    @inlinable @inline(__always)
    func loadMAC(_ offset: Int) -> MACAddress {
        MACAddress(bits: UInt64(load32(offset)) << 16 | UInt64(load16(offset + 4)))
    }
}
