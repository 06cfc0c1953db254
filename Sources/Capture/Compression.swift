// Compression formats by their first bytes.

/// A compression format that can be read in passing.
enum Compression: Equatable {
    case gzip
    case zstd

    /// The format that begins so; nil for anything else.
    init?(firstBytes bytes: some Collection<UInt8>) {
        let bytes = Array(bytes.prefix(4))
        if bytes.starts(with: [0x1f, 0x8b]) {
            self = .gzip
        } else if bytes == [0x28, 0xb5, 0x2f, 0xfd] {
            self = .zstd
        } else if bytes.count == 4, bytes[0] & 0xf0 == 0x50, bytes[1...] == [0x2a, 0x4d, 0x18] {
            // A skippable frame in front, as pzstd writes it.
            self = .zstd
        } else {
            return nil
        }
    }
}
