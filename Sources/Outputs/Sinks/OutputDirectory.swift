// The directory that a run writes its files into.

import Glibc

/// Prepares a directory for output files.
public enum OutputDirectory {
    /// Creates the directory and its parents as far as they are missing (mode 0750) and checks that files can be made
    /// in it.
    /// - Throws: `OutputError` saying which directory stands in the way, and why.
    public static func prepare(_ path: String) throws(OutputError) {
        var current = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            current += current.isEmpty || current.hasSuffix("/") ? String(part) : "/" + part
            if mkdir(current, 0o750) == 0 { continue }
            let code = errno
            var status = stat()
            guard stat(current, &status) == 0 else { throw .cannotOpen(current, errno: code) }
            guard status.st_mode & S_IFMT == S_IFDIR else { throw .cannotOpen(current, errno: ENOTDIR) }
        }
        guard access(path.isEmpty ? "." : path, W_OK | X_OK) == 0 else { throw .cannotOpen(path, errno: errno) }
    }
}
