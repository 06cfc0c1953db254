// Whole files, for small ones.

import Glibc

enum FileContent {
    /// All bytes of a file, nil when it cannot be read; `errno` says why.
    static func read(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        while true {
            let chunk = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
                count = fread(buffer.baseAddress, 1, buffer.count, file)
            }
            bytes += chunk
            if chunk.isEmpty { return ferror(file) == 0 ? bytes : nil }
        }
    }
}
