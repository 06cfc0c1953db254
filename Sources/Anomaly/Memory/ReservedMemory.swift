// Address space for a table, which costs memory only as far as it is used.

import Glibc

/// A zeroed mapping of a fixed size, whose pages become real when they are first written.
///
/// From `hugePagesFrom` on the kernel is asked for pages of two megabytes: one fault and one address translation instead
/// of 512. Who fills the mapping from its beginning wastes at most one of them; who touches it at random should ask for
/// them only where all of it will be touched anyway.
final class ReservedMemory {
    /// Begins at a multiple of two megabytes.
    let base: UnsafeMutableRawPointer
    private let mapping: UnsafeMutableRawPointer
    private let byteCount: Int

    static let hugePage = 2 << 20

    /// - Parameters:
    ///   - wanted: bytes, positive.
    ///   - hugePagesFrom: the offset from which on huge pages are preferred.
    init(byteCount wanted: Int, hugePagesFrom: Int) {
        let whole = (wanted + Self.hugePage - 1) & ~(Self.hugePage - 1)
        byteCount = whole + Self.hugePage
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        guard let mapping = mmap(nil, byteCount, PROT_READ | PROT_WRITE, flags, -1, 0), mapping != MAP_FAILED else {
            preconditionFailure("no address space for \(wanted) bytes of memory")
        }
        self.mapping = mapping
        base = mapping.alignedUp(toMultipleOf: Self.hugePage)
        // Advice only: where it is not taken, nothing changes but speed.
        madvise(mapping, byteCount, MADV_NOHUGEPAGE)
        if hugePagesFrom < wanted { madvise(base + hugePagesFrom, whole - hugePagesFrom, MADV_HUGEPAGE) }
    }

    deinit {
        munmap(mapping, byteCount)
    }
}
