// What a file is, by its first bytes.

/// The capture formats that can be read, and words for those that cannot.
enum CaptureFormat: Equatable {
    case pcap
    case pcapng

    /// Bytes that decide between the formats.
    static let signatureLength = 12

    /// The format of a capture that begins so; nil for anything else.
    init?(firstBytes bytes: [UInt8]) {
        guard bytes.count >= 4 else { return nil }
        let first = bytes[0..<4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        switch first {
        case PcapHeader.Magic.micro, PcapHeader.Magic.nano, PcapHeader.Magic.modified,
            PcapHeader.Magic.micro.byteSwapped, PcapHeader.Magic.nano.byteSwapped,
            PcapHeader.Magic.modified.byteSwapped:
            self = .pcap
        case PcapngParser.BlockType.sectionHeader:
            let magic = bytes.dropFirst(8).prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            let isSection =
                magic == PcapngParser.byteOrderMagic || magic == PcapngParser.byteOrderMagic.byteSwapped
                || bytes.count < Self.signatureLength
            guard isSection else { return nil }
            self = .pcapng
        default:
            return nil
        }
    }

    /// A format that begins so but cannot be read, and what to do about it.
    private struct Stranger {
        let signature: [UInt8]
        let name: String
        let advice: String
    }

    private static let strangers = [
        Stranger(
            signature: [0xfd, 0x37, 0x7a, 0x58, 0x5a], name: "xz-compressed data",
            advice: "decompress it with xz -dc and pipe it in"),
        Stranger(
            signature: [0x42, 0x5a, 0x68], name: "bzip2-compressed data",
            advice: "decompress it with bzip2 -dc and pipe it in"),
        Stranger(
            signature: [0x04, 0x22, 0x4d, 0x18], name: "lz4-compressed data",
            advice: "decompress it with lz4 -dc and pipe it in"),
        Stranger(
            signature: [0x1f, 0x9d], name: "compress(1) data", advice: "decompress it with gzip -dc and pipe it in"),
        Stranger(signature: [0x50, 0x4b, 0x03, 0x04], name: "a zip archive", advice: "unpack it first"),
        Stranger(signature: [0x37, 0x7a, 0xbc, 0xaf], name: "a 7z archive", advice: "unpack it first"),
        Stranger(
            signature: Array("snoop\0".utf8), name: "a snoop capture", advice: "convert it with editcap -F pcapng"),
        Stranger(
            signature: Array("GMBU".utf8), name: "a Microsoft Network Monitor capture",
            advice: "convert it with editcap -F pcapng"),
        Stranger(
            signature: Array("RTSS".utf8), name: "a Microsoft Network Monitor capture",
            advice: "convert it with editcap -F pcapng"),
        Stranger(signature: [0x7f, 0x45, 0x4c, 0x46], name: "a program", advice: "name a capture"),
    ]

    /// Says what a file that is no capture looks like and what to do, as the end of a sentence.
    static func describe(strange bytes: [UInt8]) -> String {
        let digits = bytes.prefix(8).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        let known = strangers.first { bytes.starts(with: $0.signature) }
        let isText = known == nil && bytes.allSatisfy { (32..<127).contains($0) || (9...13).contains($0) }
        let name = known?.name ?? (isText ? "text" : "nothing known")
        let advice = known?.advice ?? "name a pcap or pcapng file, plain, gzip or zstd"
        return "is no pcap or pcapng capture: it begins with \(digits.joined(separator: " ")), \(name); \(advice)"
    }
}
