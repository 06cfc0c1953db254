// Where the packets lie in a capture, so that they can be changed without losing the records behind them.

/// Finds the packets of a sound pcap file, or of the enhanced packet blocks of a pcapng file; for anything else nothing.
struct PacketRanges {
    private(set) var ranges: [Range<Int>] = []

    init(_ bytes: [UInt8]) {
        switch bytes.prefix(4) {
        case [0xd4, 0xc3, 0xb2, 0xa1], [0x4d, 0x3c, 0xb2, 0xa1]: findRecords(bytes, bigEndian: false)
        case [0xa1, 0xb2, 0xc3, 0xd4], [0xa1, 0xb2, 0x3c, 0x4d]: findRecords(bytes, bigEndian: true)
        case [0x0a, 0x0d, 0x0d, 0x0a] where bytes.count >= 12: findBlocks(bytes, bigEndian: bytes[8] == 0x1a)
        default: break
        }
    }

    private mutating func findRecords(_ bytes: [UInt8], bigEndian: Bool) {
        var offset = 24
        while offset + 16 <= bytes.count {
            let end = offset + 16 + Self.integer(bytes, at: offset + 8, bigEndian)
            guard end <= bytes.count else { return }
            if end > offset + 16 { ranges.append((offset + 16)..<end) }
            offset = end
        }
    }

    private mutating func findBlocks(_ bytes: [UInt8], bigEndian: Bool) {
        var offset = 0
        while offset + 28 <= bytes.count {
            let length = Self.integer(bytes, at: offset + 4, bigEndian)
            guard length >= 12, offset + length <= bytes.count else { return }
            if Self.integer(bytes, at: offset, bigEndian) == 6 {
                let captured = Self.integer(bytes, at: offset + 20, bigEndian)
                if captured > 0, captured + 32 <= length { ranges.append((offset + 28)..<(offset + 28 + captured)) }
            }
            offset += length
        }
    }

    private static func integer(_ bytes: [UInt8], at offset: Int, _ bigEndian: Bool) -> Int {
        (0..<4).reduce(0) { $0 << 8 | Int(bytes[offset + (bigEndian ? $1 : 3 - $1)]) }
    }
}
