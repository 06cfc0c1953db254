// Which three-letter pieces of text were seen.

/// One bit for every sequence of three bytes, for each of two directions: 4 MiB, touched as pieces come.
///
/// Exact and never full, unlike a table of keys; nothing is forgotten.
final class PieceMemory {
    private static let pieces = 1 << 24
    private let words: UnsafeMutablePointer<UInt64>

    init() {
        words = ZeroedMemory.reserve(2 * Self.pieces / UInt64.bitWidth)
    }

    deinit {
        ZeroedMemory.release(words)
    }

    /// Notes the pieces of a text and says how many were new.
    func note(_ text: UnsafeRawBufferPointer, direction: Int) -> Int {
        guard text.count >= 3 else { return 0 }
        let first = direction * Self.pieces
        var new = 0
        var piece = Int(text[0]) << 8 | Int(text[1])
        for position in 2..<text.count {
            piece = (piece << 8 | Int(text[position])) & (Self.pieces - 1)
            let bit = first + piece
            let mask: UInt64 = 1 << UInt64(bit & 63)
            if words[bit >> 6] & mask == 0 {
                words[bit >> 6] |= mask
                new += 1
            }
        }
        return new
    }

    /// Saves the pieces, or takes them up into an empty memory.
    func exchange(_ archive: ModelArchive) {
        let count = 2 * Self.pieces / UInt64.bitWidth
        var places = archive.isReading ? [] : (0..<UInt32(count)).filter { words[Int($0)] != 0 }
        var values = places.map { words[Int($0)] }
        archive.exchange(&places, atMost: count)
        archive.exchange(&values, atMost: count)
        guard archive.isReading else { return }
        guard places.count == values.count, places.allSatisfy({ $0 < UInt32(count) }) else { return archive.refuse() }
        for (place, value) in zip(places, values) { words[Int(place)] = value }
    }
}
