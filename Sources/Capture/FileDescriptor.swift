// An open file, pipe or terminal, and the system calls on it.

import Glibc

/// Owns a file descriptor; closes it at the end of its life unless it is standard input.
///
/// One thread at a time may call it.
final class FileDescriptor: @unchecked Sendable {
    /// What a read came to.
    enum Outcome {
        case bytes(Int)
        /// Nothing arrived in time.
        case waiting
        case end
        /// The system's words for the failure.
        case failed(String)
    }

    /// The file as the user named it.
    let path: String
    let number: Int32
    let isRegular: Bool
    /// Size when opened; zero for what is no regular file.
    let size: Int
    /// Bytes read so far by `read`.
    private(set) var consumed = 0

    /// Opens the file at `path`, "-" for standard input.
    init(path: String) throws(CaptureError) {
        self.path = path
        if path == "-" {
            number = STDIN_FILENO
            guard isatty(number) == 0 else {
                throw CaptureError(.unreadable, path: path, "is a terminal; pipe a capture into it or name a file")
            }
        } else {
            number = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        }
        guard number >= 0 else { throw Self.openFailure(path: path, errno) }
        var status = stat()
        guard fstat(number, &status) == 0 else { throw Self.openFailure(path: path, errno) }
        let kind = status.st_mode & S_IFMT
        isRegular = kind == S_IFREG
        size = kind == S_IFREG ? Int(status.st_size) : 0
        guard kind != S_IFDIR else {
            throw CaptureError(.directory, path: path, "is a directory; name the capture files in it")
        }
    }

    deinit {
        if number > STDIN_FILENO { close(number) }
    }

    private static func openFailure(path: String, _ error: Int32) -> CaptureError {
        switch error {
        case ENOENT, ENOTDIR:
            CaptureError(.notFound, path: path, "no such file; check the path")
        case EACCES, EPERM:
            CaptureError(.unreadable, path: path, "permission denied; make it readable for this user")
        default:
            CaptureError(.unreadable, path: path, "cannot be opened: \(text(of: error))")
        }
    }

    /// The system's words for an error number.
    static func text(of error: Int32) -> String {
        strerror(error).map { String(cString: $0) } ?? "error \(error)"
    }

    /// The file's size at this moment.
    var sizeNow: Int {
        var status = stat()
        return fstat(number, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Reads what is there, at most the buffer's length.
    ///
    /// - Parameter patience: milliseconds to wait for the first byte; -1 waits for ever.
    func read(into buffer: UnsafeMutableRawBufferPointer, patience: Int32) -> Outcome {
        var interest = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        let ready = poll(&interest, 1, patience)
        if ready == 0 || (ready < 0 && errno == EINTR) { return .waiting }
        let count = Glibc.read(number, buffer.baseAddress, buffer.count)
        switch count {
        case 1...:
            consumed += count
            return .bytes(count)
        case 0:
            return .end
        default:
            return errno == EINTR || errno == EAGAIN ? .waiting : .failed(Self.text(of: errno))
        }
    }

    /// The first bytes of a regular file, at most `count`, without moving the read position. Empty for other kinds.
    func peek(_ count: Int) -> [UInt8] {
        guard isRegular else { return [] }
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = max(0, pread(number, buffer.baseAddress, count, 0))
        }
    }
}
