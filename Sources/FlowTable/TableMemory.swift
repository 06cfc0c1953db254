// The table's memory: one mapping, reserved at creation.

import Glibc

/// An anonymous mapping of fixed size, zero-filled, backed by huge pages where the kernel allows.
final class TableMemory: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    let byteCount: Int

    /// Reserves `byteCount` bytes. Physical memory is taken page by page as it is touched.
    init(byteCount: Int) {
        let whole = max(byteCount, 1)
        let mapping = mmap(nil, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let mapping, mapping != MAP_FAILED else {
            preconditionFailure("cannot reserve \(whole) bytes for the flow table")
        }
        // Advice only: random access over many megabytes spends much of its time in the page-table walk otherwise.
        madvise(mapping, whole, MADV_HUGEPAGE)
        base = mapping
        self.byteCount = whole
    }

    deinit {
        munmap(base, byteCount)
    }
}
