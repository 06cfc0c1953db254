// What a live run leaves behind for the next one.

import Foundation
import NetTypes

/// The detector's state with everything that is needed to go on from it: memories, calibration, threshold, open incidents,
/// and the secret that its keys were made with. Whoever can read that secret can choose keys that collide, so the file is
/// for its user alone. This is a checkpoint that was read; `CheckpointKeeper` writes them.
struct Checkpoint {
    /// The line in front of the state.
    struct Description: Codable, Sendable {
        /// Packet time of the state, seconds since the epoch.
        var second: Int64
        /// The detector's secret.
        var firstKey: UInt64
        var secondKey: UInt64
        /// Score from which on incidents open; nil while the baseline goes on.
        var threshold: Float?
        /// Alerts withheld so far by the reasons of suppression entries, over all runs.
        var suppressed: [String: Int]
        /// Open incidents of which every alert so far was withheld, ascending. Absent in what earlier versions wrote.
        var hiddenIncidents: [UInt64]?
        /// Ranges named as home networks; absent when none was.
        var homeNetworks: String?

        /// As it stands in the file.
        func line() throws(UserError) -> [UInt8] {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            guard let line = try? encoder.encode(self) else { throw UserError("a checkpoint cannot be described") }
            return Array(line)
        }
    }

    static let kind = "checkpoint"
    static let version = 1

    let description: Description
    let state: [UInt8]

    var hasher: FlowHasher { FlowHasher(firstKey: description.firstKey, secondKey: description.secondKey) }

    /// Reads a checkpoint back.
    ///
    /// - Throws: `UserError` that says why it is of no use.
    init(_ bytes: [UInt8]) throws(UserError) {
        do throws(SealFault) {
            let file = try SealedFile(bytes, kind: Self.kind, version: Self.version)
            guard let description = try? JSONDecoder().decode(Description.self, from: Data(file.description)) else {
                throw SealFault.damaged
            }
            self.description = description
            state = Array(file.body)
        } catch {
            throw switch error {
            case .otherKind: UserError("it is no checkpoint of leptonnet")
            case .otherVersion(let found): UserError("it has version \(found); this leptonnet reads \(Self.version)")
            case .damaged: UserError("it was damaged: the checksum is wrong")
            }
        }
    }
}
