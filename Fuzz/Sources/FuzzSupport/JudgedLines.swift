// Remembers lines that a judge has seen.

/// A table of the hashes of lines, in which a newer line takes the place of an older one.
///
/// Two lines of one hash would hide a fault: of 64 bits, with a seed of each process's own, that is left to chance.
struct JudgedLines {
    private var hashes = [Int](repeating: 0, count: 1 << 16)

    /// Calls `body` with each line, without its end, that is not remembered, and remembers it afterwards. Traps when the
    /// last line has no end.
    ///
    /// - Returns: how many lines there are.
    mutating func forEachNew(in bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) -> Int {
        var count = 0
        var start = 0
        for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") {
            let line = UnsafeRawBufferPointer(rebasing: bytes[start..<index])
            var hasher = Hasher()
            hasher.combine(bytes: line)
            let hash = hasher.finalize()
            if hashes[hash & (hashes.count - 1)] != hash {
                body(line)
                hashes[hash & (hashes.count - 1)] = hash
            }
            start = index + 1
            count += 1
        }
        precondition(start == bytes.count, "the last line has no end")
        return count
    }
}
