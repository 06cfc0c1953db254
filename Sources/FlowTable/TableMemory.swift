// The table's memory: one mapping, reserved at creation.

import Glibc

/// An anonymous mapping of fixed size, zero-filled; physical memory is taken page by page as it is touched.
///
/// Huge pages save page-table walks where access is random over many megabytes, but the first touch clears two
/// megabytes at once. So the index has them from the start, being touched everywhere at once, and a shard's records get
/// them when they grow beyond two megabytes.
final class TableMemory: @unchecked Sendable {
    /// Begins at a huge page.
    let base: UnsafeMutableRawPointer
    let byteCount: Int
    private let mapping: UnsafeMutableRawPointer

    static let hugePage = 2 << 20
    private static let page = 4096

    /// A number of bytes, rounded up to whole huge pages.
    static func wholeHugePages(_ byteCount: Int) -> Int {
        (byteCount + hugePage - 1) & ~(hugePage - 1)
    }

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
        guard let mapping = Self.reserve(whole + Self.hugePage) else {
            preconditionFailure("cannot reserve \(whole) bytes for the flow table")
        }
        madvise(mapping, whole + Self.hugePage, MADV_NOHUGEPAGE)
        self.mapping = mapping
        base = mapping + (Self.wholeHugePages(Int(bitPattern: mapping)) - Int(bitPattern: mapping))
        self.byteCount = whole
    }

    deinit {
        munmap(mapping, byteCount + Self.hugePage)
    }

    /// Asks for huge pages in a range. Advice only: nothing changes but speed.
    func preferHugePages(from start: UnsafeMutableRawPointer, byteCount count: Int) {
        let offset = (start - base) & ~(Self.page - 1)
        madvise(base + offset, min(count, byteCount - offset), MADV_HUGEPAGE)
    }

    /// Turns the small pages in use where a huge page could lie into one, where the system can (Linux 6.1 and later).
    /// They are copied once; nothing changes but speed. Any thread may read them meanwhile.
    func makeHugePage(at start: UnsafeMutableRawPointer) {
        preferHugePages(from: start, byteCount: Self.hugePage)
        madvise(start, Self.hugePage, Self.collapse)
    }

    /// `MADV_COLLAPSE` of `<linux/mman.h>`, which Glibc's module lacks.
    private static let collapse: Int32 = 25
}
