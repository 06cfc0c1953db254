// Lists of 16-bit codes in TLS hellos.

/// Codes in the order of a hello, kept so that they can be sorted. Holds as many as a hello sanely has.
struct CodeList {
    static let capacity = 256

    private var codes = InlineArray<256, UInt16>(repeating: 0)
    private(set) var count = 0
    private(set) var overflowed = false

    mutating func append(_ code: UInt16) {
        guard count < Self.capacity else {
            overflowed = true
            return
        }
        codes[count] = code
        count += 1
    }

    subscript(index: Int) -> UInt16 { codes[index] }

    /// Sorts the codes. Heapsort (Williams 1964), because its worst case is no worse than the rest: the order comes
    /// from the network.
    mutating func sort() {
        var start = count / 2
        while start > 0 {
            start -= 1
            siftDown(from: start, end: count)
        }
        var end = count
        while end > 1 {
            end -= 1
            codes.swapAt(0, end)
            siftDown(from: 0, end: end)
        }
    }

    private mutating func siftDown(from start: Int, end: Int) {
        var root = start
        while 2 * root + 1 < end {
            var child = 2 * root + 1
            if child + 1 < end, codes[child] < codes[child + 1] { child += 1 }
            guard codes[root] < codes[child] else { return }
            codes.swapAt(root, child)
            root = child
        }
    }
}

extension UInt16 {
    /// Whether the code is one of the sixteen that RFC 8701 reserves so that servers stay tolerant (GREASE).
    @inline(__always)
    var isGREASE: Bool { self & 0x0f0f == 0x0a0a && self >> 8 == self & 0xff }
}
