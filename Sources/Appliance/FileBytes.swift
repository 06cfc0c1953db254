// Small files, read and written whole.

import Glibc

/// Files that the user names: configuration, weights, pictures.
enum FileBytes {
    /// Reads a whole file.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - kind: what the user should have named, for the message.
    static func read(_ path: String, expecting kind: String) throws(UserError) -> [UInt8] {
        guard let file = fopen(path, "re") else { throw unreadable(path, kind) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        while true {
            let chunk = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
                count = fread(buffer.baseAddress, 1, buffer.count, file)
            }
            bytes += chunk
            if chunk.isEmpty {
                guard ferror(file) == 0 else { throw unreadable(path, kind) }
                return bytes
            }
        }
    }

    /// Writes a whole file: first under another name, then in its place, so that nothing half-written is ever there.
    static func write(_ bytes: [UInt8], to path: String) throws(UserError) {
        let partial = path + ".partial"
        guard let file = fopen(partial, "we") else { throw unwritable(path) }
        let written = fwrite(bytes, 1, bytes.count, file)
        let isClosed = fclose(file) == 0
        guard written == bytes.count, isClosed, rename(partial, path) == 0 else {
            let error = unwritable(path)
            unlink(partial)
            throw error
        }
    }

    /// Writes a whole file so that it outlives a failure of power: what a name stands for is the old or the new content,
    /// never less. For this user alone.
    static func writeDurably(_ bytes: [UInt8], to path: String) throws(UserError) {
        let partial = path + ".partial"
        let file = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw unwritable(path) }
        let isWritten = bytes.withUnsafeBytes { memory in
            var done = 0
            while done < memory.count {
                let count = Glibc.write(file, memory.baseAddress! + done, memory.count - done)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                done += count
            }
            return fsync(file) == 0
        }
        let isClosed = close(file) == 0
        guard isWritten, isClosed, rename(partial, path) == 0 else {
            let error = unwritable(path)
            unlink(partial)
            throw error
        }
        keepName(of: path)
    }

    /// Makes a renaming outlive a failure of power.
    static func keepName(of path: String) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if directory >= 0 {
            fsync(directory)
            close(directory)
        }
    }

    private static func unreadable(_ path: String, _ kind: String) -> UserError {
        UserError("\(path): cannot be read: \(reason(errno)); name \(kind)")
    }

    static func unwritable(_ path: String, errno code: Int32 = errno) -> UserError {
        UserError("\(path): cannot be written: \(reason(code)); name a place where there is room and permission")
    }

    private static func reason(_ code: Int32) -> String {
        String(cString: strerror(code)).lowercased()
    }
}
