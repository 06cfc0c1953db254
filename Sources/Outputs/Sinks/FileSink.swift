// A file of whole lines.

import Glibc

/// Appends lines to a file, many whole lines in one `write`.
///
/// A reader, a rotation or a crash between two writes never sees half a line. When a write fails midway, as on a full
/// disk, the file is cut back to its last whole line, the lines that did not fit are counted, and writing is tried
/// again with the next lines. One thread at a time may use a sink.
public final class FileSink: LineSink, @unchecked Sendable {
    /// What happens to a file that exists already.
    public enum Disposition: Sendable {
        /// Its content is replaced, at the first write or when the sink is closed.
        case replace
        /// Lines are added after its content. Half a line at its end, as a crash may leave one, is cut off first.
        case append
    }

    /// The file, as the user named it.
    public let path: String
    public private(set) var lostLines: UInt64 = 0
    public private(set) var failure: OutputError?

    private(set) var descriptor: Int32
    private var lossErrno: Int32 = 0
    /// Whether the file must be emptied before the first line.
    private var replacePending: Bool
    /// Whether this sink made the file, so that giving up may remove it.
    private let created: Bool
    /// Whether the descriptor is someone else's to close.
    private let isBorrowed: Bool
    /// Whether the last write left half a line that could not be cut away.
    private var isTorn = false

    /// Opens or creates a file (mode 0640). The content of an existing one stays untouched until the first write.
    public init(path: String, _ disposition: Disposition = .replace) throws(OutputError) {
        self.path = path
        let flags = O_WRONLY | O_APPEND | O_CLOEXEC
        var descriptor = open(path, flags | O_CREAT | O_EXCL, 0o640)
        created = descriptor >= 0
        if descriptor < 0, errno == EEXIST { descriptor = open(path, flags) }
        guard descriptor >= 0 else { throw .cannotOpen(path, errno: errno) }
        self.descriptor = descriptor
        replacePending = disposition == .replace
        isBorrowed = false
        if disposition == .append, !created { cutHalfLine() }
    }

    /// Writes to a descriptor that stays open after `close()`, for example standard output.
    public init(descriptor: Int32, name: String) {
        path = name
        self.descriptor = descriptor
        created = false
        replacePending = false
        isBorrowed = true
    }

    deinit {
        if descriptor >= 0, !isBorrowed { _ = Glibc.close(descriptor) }
    }

    public func write(_ lines: borrowing LineBuffer) {
        precondition(descriptor >= 0, "a closed sink takes no lines")
        lines.withBytes { write($0) }
    }

    public func close() throws(OutputError) {
        precondition(descriptor >= 0, "a sink is closed once")
        replaceIfPending()
        let status = isBorrowed ? 0 : Glibc.close(descriptor)
        let code = errno
        descriptor = -1
        if let failure { throw failure }
        if status != 0 { throw .cannotClose(path, errno: code) }
    }

    /// Gives up before anything was written: removes the file if this sink made it, leaves an older one as it was.
    public func discard() {
        precondition(descriptor >= 0, "a sink is closed once")
        if created { unlink(path) }
        if !isBorrowed { _ = Glibc.close(descriptor) }
        descriptor = -1
    }

    private func write(_ bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty else { return }
        replaceIfPending()
        if isTorn {
            let newline: [UInt8] = [UInt8(ascii: "\n")]
            guard newline.withUnsafeBytes({ writeAll($0) }) == 1 else { return lose(bytes[...]) }
            isTorn = false
        }
        let written = writeAll(bytes)
        if written < bytes.count { recover(bytes, written: written) }
    }

    /// Writes until done or a failure that waiting does not mend; returns how many bytes were taken.
    private func writeAll(_ bytes: UnsafeRawBufferPointer) -> Int {
        var done = 0
        while done < bytes.count {
            let result = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
            if result > 0 {
                done += result
            } else if result < 0, errno == EINTR {
                continue
            } else if result < 0, errno == EAGAIN {
                var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&request, 1, -1)
            } else {
                lossErrno = result < 0 ? errno : EIO
                break
            }
        }
        return done
    }

    /// After a write that stopped midway: keeps the whole lines, cuts off the half one, counts the others.
    private func recover(_ bytes: UnsafeRawBufferPointer, written: Int) {
        let kept = bytes[..<written].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        if kept < written {
            var status = stat()
            let isCut =
                fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
                && ftruncate(descriptor, status.st_size - off_t(written - kept)) == 0
            isTorn = !isCut
        }
        lose(bytes[kept...])
    }

    private func lose(_ lines: Slice<UnsafeRawBufferPointer>) {
        lostLines += UInt64(lines.count { $0 == UInt8(ascii: "\n") })
        failure = .linesLost(path, errno: lossErrno, count: lostLines)
    }

    private func replaceIfPending() {
        guard replacePending else { return }
        replacePending = false
        var status = stat()
        // Devices and pipes have nothing to empty.
        if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG { _ = ftruncate(descriptor, 0) }
    }
}
