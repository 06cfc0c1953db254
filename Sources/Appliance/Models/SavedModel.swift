// One version of a model, as a file.

import Digest
import Foundation
import NetTypes

/// A saved detector: a line that says what it was made from, its state, and a checksum over both.
struct SavedModel {
    /// What people want to know of a model. Says nothing of the machine or the hour, so that runs agree.
    struct Description: Codable {
        var version: Int
        var captures: [String]
        var packets: UInt64
        var first: String
        var last: String
        /// Seconds of packet time that were learned from, all of the captures'.
        var seconds: Int64
        /// The score from which on incidents open; nil while the baseline goes on.
        var threshold: Float?
        /// The version that this one went on from.
        var parent: Int?
    }

    var description: Description
    var state: [UInt8]

    private static let magic = Array("leptonnet model 1\n".utf8)

    init(description: Description, state: [UInt8]) {
        self.description = description
        self.state = state
    }

    /// The file's bytes.
    func bytes() throws(UserError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        guard let line = try? encoder.encode(description) else { throw UserError("a model cannot be described") }
        var bytes = Self.magic + line + [UInt8(ascii: "\n")] + state
        let digest = bytes.withUnsafeBytes { SHA256.digest(of: $0) }
        for index in digest.indices { bytes.append(digest[index]) }
        return bytes
    }

    /// Reads a file back.
    ///
    /// - Throws: `UserError` when it is no model or not the bytes that were written.
    init(path: String) throws(UserError) {
        let bytes = try FileBytes.read(path, expecting: "a model file")
        guard bytes.starts(with: Self.magic), bytes.count > Self.magic.count + SHA256.digestLength else {
            throw UserError("\(path): this is no model of leptonnet; `leptonnet train` makes one")
        }
        let body = bytes.dropLast(SHA256.digestLength)
        let digest = body.withUnsafeBytes { SHA256.digest(of: $0) }
        guard digest.indices.allSatisfy({ digest[$0] == bytes[body.count + $0] }) else {
            throw UserError("\(path): the checksum is wrong, so the file was damaged; roll back to another version")
        }
        guard let end = body[Self.magic.count...].firstIndex(of: UInt8(ascii: "\n")),
            let description = try? JSONDecoder().decode(Description.self, from: Data(body[Self.magic.count..<end]))
        else { throw UserError("\(path): the model's description cannot be read; train it again") }
        self.description = description
        state = Array(body[(end + 1)...])
    }
}
