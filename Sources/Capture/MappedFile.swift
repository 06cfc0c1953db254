// A capture file as memory.

import Glibc

/// A read-only mapping of a whole regular file.
///
/// A file that is cut short while it is mapped faults on access (SIGBUS), as with every program that maps files.
/// `prepare(from:)` finds most such cuts, and unreadable disk blocks, before the bytes are touched.
///
/// One thread at a time may call it; the bytes themselves may be read by any number of threads.
final class MappedFile: @unchecked Sendable {
    /// Bytes populated at a time. Large enough that the system call does not matter, small enough that those who work
    /// beside the reader do not wait for it.
    private static let step = 1 << 20
    /// Bytes behind the reader that stay mapped: more than all frames that are lent at a time. Whoever needs a page that
    /// was let go gets it back from the file.
    private static let kept = 32 << 20

    private let base: UnsafeMutableRawPointer
    /// Bytes mapped: the file's size when it was opened.
    let size: Int
    private let descriptor: FileDescriptor
    /// Offset up to which the pages are known to be there.
    private var populated = 0
    private var canPopulate = true
    /// Offset up to which pages were let go.
    private var released = 0
    /// Offset up to which bytes can be read: `size`, unless the file has been cut meanwhile.
    private(set) var readableEnd: Int

    /// Maps the file; nil when the system cannot map it (some virtual file systems).
    init?(_ descriptor: FileDescriptor) {
        guard descriptor.isRegular, descriptor.size > 0 else { return nil }
        let address = mmap(nil, descriptor.size, PROT_READ, MAP_PRIVATE, descriptor.number, 0)
        guard let address, address != MAP_FAILED else { return nil }
        base = address
        size = descriptor.size
        readableEnd = descriptor.size
        self.descriptor = descriptor
        madvise(base, size, MADV_SEQUENTIAL)
    }

    deinit {
        munmap(base, size)
    }

    /// All bytes that can be read.
    var window: ByteWindow {
        ByteWindow(base: UnsafeRawPointer(base), start: 0, end: readableEnd, isFinal: true)
    }

    /// Brings in the pages behind `offset` in one system call instead of one fault each, and asks for those behind them
    /// to be read from disk meanwhile.
    ///
    /// - Returns: the offset before which records may begin until the next call; nil when the pages cannot be read
    ///   although the file still claims them (a disk fault). When the file has become shorter, `readableEnd` moves.
    func prepare(from offset: Int) -> Int? {
        while canPopulate, populated < readableEnd, offset + CaptureLimits.blockLength >= populated {
            // Whole pages, of any size that Linux has.
            let first = max(populated, offset & ~0xffff)
            let count = min(Self.step, readableEnd - first)
            guard count > 0 else { break }
            if madvise(base + first, count, MADV_POPULATE_READ) == 0 {
                populated = first + count
                release(before: first - Self.kept)
                let following = min(Self.step, readableEnd - populated)
                if following > 0 { madvise(base + populated, following, MADV_WILLNEED) }
                continue
            }
            switch errno {
            case EFAULT, EHWPOISON:
                let sizeNow = descriptor.sizeNow
                guard sizeNow < readableEnd else { return nil }
                readableEnd = sizeNow
            default:
                // Kernels before 5.14 do not know the advice: the pages fault in one by one.
                canPopulate = false
            }
        }
        return canPopulate && populated < readableEnd ? populated - CaptureLimits.blockLength : .max
    }

    /// Lets go of pages that were read, so that the process does not grow with the file. In large steps.
    private func release(before offset: Int) {
        let end = offset & ~0xffff
        guard end - released >= 8 * Self.step else { return }
        madvise(base + released, end - released, MADV_DONTNEED)
        released = end
    }
}
