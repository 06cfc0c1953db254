// The files of a spool.

import Glibc

/// A folder with segments, each named by the position of its first byte, a lock, and a cursor: the position before which
/// everything has arrived. One spool has one folder; `flock` keeps others out.
final class SpoolFolder: Sendable {
    let path: String
    private let lock: Int32

    private static let ending = ".spool"
    private static let cursorMark = "leptonnet-spool-1"
    /// How often the lock is tried again, 20 ms apart.
    private static let patience = 50

    init(_ path: String) throws(OutputError) {
        self.path = path
        try OutputDirectory.prepare(path)
        lock = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw .cannotOpen(path + "/lock", errno: errno) }
        // An owner that has just ended may hold it for a moment more: in a child of its process that was forked and runs no
        // program of its own yet.
        var tries = Self.patience
        while flock(lock, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR, tries > 0 else {
                Glibc.close(lock)
                throw .spoolInUse(path)
            }
            tries -= 1
            usleep(20_000)
        }
    }

    deinit {
        Glibc.close(lock)
    }

    func segmentPath(_ base: UInt64) -> String {
        let digits = "\(base)"
        return path + "/" + String(repeating: "0", count: 20 - digits.count) + digits + Self.ending
    }

    /// Positions of the segments there are, ascending.
    func segments() -> [UInt64] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var bases: [UInt64] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(Self.ending), let base = UInt64(name.dropLast(Self.ending.count)) { bases.append(base) }
        }
        return bases.sorted()
    }

    /// The position that was confirmed last, as far as that was kept; nil when it was not.
    func cursor() -> UInt64? {
        guard let file = fopen(path + "/cursor", "re") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, 128, file) != nil else { return nil }
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let words = text.split(whereSeparator: \.isWhitespace)
        return words.count == 2 && words[0] == Self.cursorMark ? UInt64(words[1]) : nil
    }

    /// Keeps a position: whole or not at all, since a rename is.
    func keep(cursor: UInt64) {
        let partial = path + "/cursor.partial"
        guard let file = fopen(partial, "we") else { return }
        fputs("\(Self.cursorMark) \(cursor)\n", file)
        if fclose(file) == 0 { rename(partial, path + "/cursor") }
    }
}
