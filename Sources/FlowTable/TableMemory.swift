// The table's memory: one mapping, reserved at creation.

import Glibc

/// An anonymous mapping of fixed size, zero-filled; physical memory is taken page by page as it is touched.
///
/// Huge pages save page-table walks where access is random over many megabytes, but the first touch clears two
/// megabytes at once. So the index has them from the start, being touched everywhere at once, and a shard's records get
/// them for what lies beyond the first two megabytes.
final class TableMemory: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    let byteCount: Int

    static let hugePage = 2 << 20
    private static let page = 4096

    private static func reserve(_ byteCount: Int) -> UnsafeMutableRawPointer? {
        let mapping = mmap(
            nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        return mapping == MAP_FAILED ? nil : mapping
    }

    /// Whether a mapping of this size can be made.
    static func canReserve(byteCount: Int) -> Bool {
        guard let mapping = reserve(max(byteCount, 1)) else { return false }
        munmap(mapping, max(byteCount, 1))
        return true
    }

    /// Reserves `byteCount` bytes; ask `canReserve` first where the size is the user's.
    init(byteCount: Int) {
        let whole = max(byteCount, 1)
        guard let mapping = Self.reserve(whole) else {
            preconditionFailure("cannot reserve \(whole) bytes for the flow table")
        }
        madvise(mapping, whole, MADV_NOHUGEPAGE)
        base = mapping
        self.byteCount = whole
    }

    deinit {
        munmap(base, byteCount)
    }

    /// Asks for huge pages in a range. Advice only: nothing changes but speed.
    func preferHugePages(from start: UnsafeMutableRawPointer, byteCount count: Int) {
        let offset = (start - base) & ~(Self.page - 1)
        madvise(base + offset, min(count, byteCount - offset), MADV_HUGEPAGE)
    }
}
