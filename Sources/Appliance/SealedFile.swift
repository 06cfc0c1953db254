// Files of state: a line that says what they are, a description, bytes, and a checksum over everything.

import Digest

/// Why a sealed file cannot be taken up.
enum SealFault: Error, Equatable {
    /// It is not of this kind at all.
    case otherKind
    /// It is of this kind, and of a version that this program does not read.
    case otherVersion(String)
    /// The checksum is wrong, or parts are missing.
    case damaged
}

/// The content of a sealed file. Its first line reads `leptonnet KIND VERSION`; the description is the second one.
struct SealedFile {
    let description: ArraySlice<UInt8>
    let body: ArraySlice<UInt8>

    /// The bytes of a sealed file.
    ///
    /// - Parameter description: must hold no line feed.
    static func seal(kind: String, version: Int, description: some Sequence<UInt8>, body: [UInt8]) -> [UInt8] {
        var bytes = Array("leptonnet \(kind) \(version)\n".utf8) + description + [UInt8(ascii: "\n")] + body
        let digest = bytes.withUnsafeBytes { SHA256.digest(of: $0) }
        for index in digest.indices { bytes.append(digest[index]) }
        return bytes
    }

    /// Opens a sealed file.
    init(_ bytes: [UInt8], kind: String, version: Int) throws(SealFault) {
        let prefix = Array("leptonnet \(kind) ".utf8)
        guard bytes.starts(with: prefix), let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { throw .otherKind }
        let found = String(decoding: bytes[prefix.count..<end].prefix(20), as: UTF8.self)
        guard found == "\(version)" else { throw .otherVersion(found) }
        let sealed = bytes.dropLast(SHA256.digestLength)
        guard sealed.count > end else { throw .damaged }
        let digest = sealed.withUnsafeBytes { SHA256.digest(of: $0) }
        guard digest.indices.allSatisfy({ digest[$0] == bytes[sealed.count + $0] }),
            let line = sealed[(end + 1)...].firstIndex(of: UInt8(ascii: "\n"))
        else { throw .damaged }
        description = sealed[(end + 1)..<line]
        body = sealed[(line + 1)...]
    }
}
