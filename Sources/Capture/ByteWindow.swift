// The bytes of a capture that can be read now, whether they are mapped or buffered.

import CLinux
import NetTypes

/// A bounds-checked view of the bytes `start ..< end` of a capture, addressed by their offset in the uncompressed
/// stream. Borrows the bytes from the `MappedFile` or `StreamBuffer` that made it; every load outside the view traps.
struct ByteWindow {
    /// Address of the byte at offset `start`.
    private let base: UnsafeRawPointer
    /// Offset of the first byte in view.
    let start: Int
    /// Offset behind the last byte in view.
    let end: Int
    /// Whether the capture ends at `end`; otherwise more bytes may follow.
    let isFinal: Bool

    init(base: UnsafeRawPointer, start: Int, end: Int, isFinal: Bool) {
        precondition(start <= end, "a window cannot end before it starts")
        self.base = base
        self.start = start
        self.end = end
        self.isFinal = isFinal
    }

    /// Whether `count` bytes from `offset` on are in view.
    @inline(__always)
    func holds(_ count: Int, at offset: Int) -> Bool {
        offset >= start && offset <= end && count <= end &- offset
    }

    /// The address of `count` bytes at `offset`, which must be in view.
    @inline(__always)
    private func address(of count: Int, at offset: Int) -> UnsafeRawPointer {
        precondition(holds(count, at: offset), "read outside of the capture's bytes")
        return base + (offset &- start)
    }

    @inline(__always)
    func uint8(at offset: Int) -> UInt8 {
        address(of: 1, at: offset).load(as: UInt8.self)
    }

    @inline(__always)
    func uint16(at offset: Int, bigEndian: Bool) -> UInt16 {
        let raw = address(of: 2, at: offset).loadUnaligned(as: UInt16.self)
        return bigEndian ? UInt16(bigEndian: raw) : UInt16(littleEndian: raw)
    }

    @inline(__always)
    func uint32(at offset: Int, bigEndian: Bool) -> UInt32 {
        let raw = address(of: 4, at: offset).loadUnaligned(as: UInt32.self)
        return bigEndian ? UInt32(bigEndian: raw) : UInt32(littleEndian: raw)
    }

    @inline(__always)
    func uint64(at offset: Int, bigEndian: Bool) -> UInt64 {
        let raw = address(of: 8, at: offset).loadUnaligned(as: UInt64.self)
        return bigEndian ? UInt64(bigEndian: raw) : UInt64(littleEndian: raw)
    }

    /// The bytes of a record, which must be in view.
    @inline(__always)
    func bytes(of record: CaptureRecord) -> UnsafeRawBufferPointer {
        let count = Int(record.capturedLength)
        return UnsafeRawBufferPointer(start: address(of: count, at: record.offset), count: count)
    }

    /// A frame over the bytes of a record, which must be in view. Valid as long as the bytes are.
    @inline(__always)
    func frame(of record: CaptureRecord) -> Frame {
        let bytes = address(of: Int(record.capturedLength), at: record.offset)
        return Frame(
            base: bytes.assumingMemoryBound(to: UInt8.self), capturedLength: record.capturedLength,
            wireLength: record.wireLength, time: record.time, linkType: record.linkType, interface: record.interface)
    }

    /// Asks for the cache lines of `offset ..< limit`, as far as they are in view, and moves `offset` behind them.
    @inline(__always)
    func prefetch(from offset: inout Int, to limit: Int) {
        let limit = min(limit, end)
        while offset < limit {
            lepton_prefetch_read(address(of: 1, at: offset))
            offset &+= 64
        }
    }

    /// The first `limit` bytes in view, fewer when fewer are there.
    func prefix(_ limit: Int) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: base, count: min(limit, end - start)))
    }
}
