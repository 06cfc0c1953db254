// What is in force, on disk, so that the next start can undo it.

import Glibc

/// The list of changes and the objects they own. Written before a change is made and after it was undone; whatever
/// happens in between, the journal names at least what is there. Used by one process, which holds the folder's lock.
public struct Journal {
    struct Entry: Equatable {
        var name: String
        var owned: [OwnedObject]
    }

    private let path: String
    private let folder: String
    private let lock: Int32
    private(set) var entries: [Entry] = []

    /// Opens the journal of a folder and locks it; waits some seconds for the process that holds it.
    ///
    /// - Throws: when somebody else could write into the folder, another process goes on holding it, or a line is not ours.
    public init(folder: String) throws(EnforcementError) {
        if mkdir(folder, 0o700) != 0, errno != EEXIST {
            throw EnforcementError("\(folder): cannot be made: \(String(cString: strerror(errno)))")
        }
        var status = stat()
        guard lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid(),
            status.st_mode & 0o022 == 0
        else {
            throw EnforcementError(
                "\(folder): must be a folder of this user's that nobody else may write to (chmod 700)")
        }
        lock = open("\(folder)/lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0, Self.take(lock) else {
            if lock >= 0 { close(lock) }
            throw EnforcementError("\(folder): is in use by another leptonnet; stop that one first")
        }
        self.folder = folder
        path = "\(folder)/journal"
        do throws(EnforcementError) {
            entries = try Self.read(path)
        } catch {
            close(lock)
            throw error
        }
    }

    /// Milliseconds in which the helper of a run that has just died may still undo its rules.
    private static let patience = 5000

    private static func take(_ lock: Int32) -> Bool {
        let step = 50
        for _ in 0..<(patience / step) {
            if flock(lock, LOCK_EX | LOCK_NB) == 0 { return true }
            usleep(useconds_t(step * 1000))
        }
        return false
    }

    /// Lets go of the folder.
    public func release() {
        close(lock)
    }

    private static func read(_ path: String) throws(EnforcementError) -> [Entry] {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else {
            if errno == ENOENT { return [] }
            throw EnforcementError("\(path): cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { close(file) }
        let size = Int(lseek(file, 0, SEEK_END))
        guard size > 0 else { return [] }
        let text = String(unsafeUninitializedCapacity: size) { max(0, pread(file, $0.baseAddress, size, 0)) }
        var entries: [Entry] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("change ") {
                let name = String(line.dropFirst(7))
                guard Change.isName(name) else { throw damaged(path, line) }
                entries.append(Entry(name: name, owned: []))
            } else {
                guard let object = OwnedObject(line: line), !entries.isEmpty else { throw damaged(path, line) }
                entries[entries.count - 1].owned.append(object)
            }
        }
        return entries
    }

    private static func damaged(_ path: String, _ line: Substring) -> EnforcementError {
        EnforcementError("\(path): '\(line.prefix(60))' is no line of the journal; undo by hand and remove the file")
    }

    /// Notes a change that is about to be made. What it takes over from an earlier one leaves that one.
    mutating func add(_ name: String, _ owned: [OwnedObject]) throws(EnforcementError) {
        var next = entries.filter { $0.name != name }
        for index in next.indices {
            next[index].owned.removeAll { object in owned.contains { $0.isSamePlace(as: object) } }
        }
        next.removeAll { $0.owned.isEmpty }
        next.append(Entry(name: name, owned: owned))
        try write(next)
    }

    /// Forgets changes that were undone.
    mutating func remove(_ names: Set<String>) throws(EnforcementError) {
        try write(entries.filter { !names.contains($0.name) })
    }

    private mutating func write(_ next: [Entry]) throws(EnforcementError) {
        let text = next.flatMap { ["change \($0.name)"] + $0.owned.map(\.line) }.map { $0 + "\n" }.joined()
        let partial = path + ".partial"
        let file = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw unwritable() }
        var bytes = text
        let isWritten = bytes.withUTF8 { Glibc.write(file, $0.baseAddress, $0.count) == $0.count }
        let isSafe = fsync(file) == 0
        close(file)
        guard isWritten, isSafe, rename(partial, path) == 0 else { throw unwritable() }
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if directory >= 0 {
            fsync(directory)
            close(directory)
        }
        entries = next
    }

    private func unwritable() -> EnforcementError {
        EnforcementError("\(path): cannot be written: \(String(cString: strerror(errno))); nothing was changed")
    }
}

extension OwnedObject {
    /// Whether one takes the place of the other.
    func isSamePlace(as other: OwnedObject) -> Bool {
        switch (self, other) {
        case (.table(let name), .table(let another)): name == another
        case (.queues(let name), .queues(let another)): name == another
        case (.group(let id, _, _), .group(let another, _, _)): id == another
        default: false
        }
    }
}
