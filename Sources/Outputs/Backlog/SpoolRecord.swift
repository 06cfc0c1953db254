// How a message stands in a spool.

/// Length and checksum in four bytes each, lowest first, then flags (bit 0: an alert), then the message. The checksum
/// covers length, flags and message.
enum SpoolRecord {
    static let headerLength = 9
    /// More than any message has; a longer one is damage.
    static let maximumLength = 16 << 20

    static func size(of message: Int) -> Int { headerLength + message }

    static func append(_ message: UnsafeRawBufferPointer, isAlert: Bool, to bytes: inout [UInt8]) {
        let start = bytes.count
        put(UInt32(message.count), into: &bytes)
        put(0, into: &bytes)
        bytes.append(isAlert ? 1 : 0)
        bytes.append(contentsOf: message)
        let sum = checksum(bytes[start...])
        for place in 0..<4 { bytes[start + 4 + place] = UInt8(truncatingIfNeeded: sum >> UInt32(8 * place)) }
    }

    /// What stands at the start of some bytes.
    enum Found {
        /// A record of so many bytes.
        case record(message: Range<Int>, isAlert: Bool, size: Int)
        /// The bytes end within a record that may be sound.
        case incomplete
        /// No record.
        case damage
    }

    static func find(in bytes: ArraySlice<UInt8>) -> Found {
        guard bytes.count >= headerLength else { return .incomplete }
        let start = bytes.startIndex
        let length = Int(word(bytes, start))
        guard length > 0, length <= maximumLength else { return .damage }
        guard bytes.count >= headerLength + length else { return .incomplete }
        let record = bytes[start..<(start + headerLength + length)]
        guard checksum(record) == word(bytes, start + 4) else { return .damage }
        return .record(
            message: (start + headerLength)..<record.endIndex, isAlert: record[start + 8] & 1 == 1, size: record.count)
    }

    private static func checksum(_ record: ArraySlice<UInt8>) -> UInt32 {
        var covered = Array(record.prefix(4))
        covered += record.dropFirst(8)
        return covered.withUnsafeBytes { CRC32C.checksum($0) }
    }

    private static func put(_ word: UInt32, into bytes: inout [UInt8]) {
        for place in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(8 * place))) }
    }

    private static func word(_ bytes: ArraySlice<UInt8>, _ start: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
    }
}
