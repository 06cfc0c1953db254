// The header of a weights file, as it was written.

/// What the header says, not yet compared with the file's length.
struct SafetensorsHeader {
    /// One tensor's entry.
    struct Entry {
        var name: String
        var elementType = ""
        var shape: [Int] = []
        var begin = 0
        var end = 0
        /// The byte of the file where the entry begins.
        var offset: Int
    }

    var tensors: [Entry] = []
    var metadata: [String: String] = [:]
}
