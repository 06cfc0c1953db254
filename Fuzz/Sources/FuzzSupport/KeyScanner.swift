// Finds keys that stand twice in one object, which JSON parsers pass over in silence.

/// Walks a line that is known to be valid JSON.
struct KeyScanner {
    private let line: [UInt8]
    private var position = 0

    init(_ line: ArraySlice<UInt8>) {
        self.line = Array(line)
    }

    /// Whether any object in the line repeats a key.
    mutating func findsDuplicate() -> Bool {
        /// The keys of all open objects, and where those of each begin.
        var keys: [Range<Int>] = []
        var open: [Int] = []
        while position < line.count {
            switch line[position] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): open.append(keys.count)
            case UInt8(ascii: "}"), UInt8(ascii: "]"): keys.removeSubrange(open.removeLast()...)
            case UInt8(ascii: "\""):
                let text = string()
                let isKey = position < line.count && line[position] == UInt8(ascii: ":")
                if isKey {
                    guard !keys[open[open.count - 1]...].contains(where: { line[$0].elementsEqual(line[text]) }) else {
                        return true
                    }
                    keys.append(text)
                }
                continue
            default: break
            }
            position += 1
        }
        return false
    }

    /// Passes over a string, and over its second quotation mark.
    private mutating func string() -> Range<Int> {
        let start = position + 1
        position = start
        while line[position] != UInt8(ascii: "\"") { position += line[position] == UInt8(ascii: "\\") ? 2 : 1 }
        position += 1
        return start..<(position - 1)
    }
}
