// One version of a model, as a file.

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
        /// Ranges named as home networks; absent when none was.
        var homeNetworks: String?
    }

    var description: Description
    var state: [UInt8]

    private static let kind = "model"
    private static let version = 1

    init(description: Description, state: [UInt8]) {
        self.description = description
        self.state = state
    }

    /// The file's bytes.
    func bytes() throws(UserError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        guard let line = try? encoder.encode(description) else { throw UserError("a model cannot be described") }
        return SealedFile.seal(kind: Self.kind, version: Self.version, description: line, body: state)
    }

    /// Reads a file back.
    ///
    /// - Throws: `UserError` when it is no model or not the bytes that were written.
    init(path: String) throws(UserError) {
        let bytes = try FileBytes.read(path, expecting: "a model file")
        let file: SealedFile
        do {
            file = try SealedFile(bytes, kind: Self.kind, version: Self.version)
        } catch {
            throw switch error {
            case .otherKind: UserError("\(path): this is no model of leptonnet; `leptonnet train` makes one")
            case .otherVersion(let found):
                UserError("\(path): has version \(found), which this leptonnet does not read; train it again")
            case .damaged:
                UserError("\(path): the checksum is wrong, so the file was damaged; roll back to another version")
            }
        }
        guard let description = try? JSONDecoder().decode(Description.self, from: Data(file.description)) else {
            throw UserError("\(path): the model's description cannot be read; train it again")
        }
        self.description = description
        state = Array(file.body)
    }
}
