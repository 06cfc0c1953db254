// What rotation and restarts need to know of a file.

import Glibc

extension FileSink {
    /// Bytes in the file; zero for what is no regular file.
    var size: Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return 0 }
        return Int(status.st_size)
    }

    /// Whether another file, or none, stands under the path by now.
    var isMoved: Bool {
        var own = stat()
        var named = stat()
        guard fstat(descriptor, &own) == 0 else { return false }
        guard stat(path, &named) == 0 else { return true }
        return own.st_ino != named.st_ino || own.st_dev != named.st_dev
    }

    /// Cuts off what follows the last newline of a regular file.
    func cutHalfLine() {
        let file = open(path, O_RDWR | O_CLOEXEC)
        guard file >= 0 else { return }
        defer { Glibc.close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
        var end = Int(status.st_size)
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while end > 0 {
            let start = max(0, end - chunk.count)
            let count = pread(file, &chunk, end - start, off_t(start))
            guard count == end - start else { return }
            if let newline = chunk[..<count].lastIndex(of: UInt8(ascii: "\n")) {
                end = start + newline + 1
                break
            }
            end = start
        }
        if end < Int(status.st_size) { _ = ftruncate(file, off_t(end)) }
    }
}
