// What is applied, on disk, for the next run.

import Advice
import Foundation

/// The recommendations in force. The helper undoes its rules when its appliance dies; after a crash those whose time is
/// not over are applied again, for what is left of it. An orderly stop leaves an empty ledger.
struct RuleLedger {
    private struct Entry: Codable {
        /// Seconds since the epoch.
        var applied: Int64
        var file: RecommendationFile
    }

    private let path: String?
    private var entries: [Entry] = []

    /// - Parameter folder: of the state; nil keeps nothing.
    init(folder: String?) {
        path = folder.map { $0 + "/ledger.json" }
    }

    /// Recommendations of an earlier run for what is left of their time, those first that are oldest.
    ///
    /// - Parameter second: since the epoch.
    static func earlier(folder: String?, gate: Gate, at second: Int64) throws(UserError) -> [Recommendation] {
        guard let folder, let data = FileManager.default.contents(atPath: folder + "/ledger.json") else { return [] }
        guard let entries = try? JSONDecoder().decode([Entry].self, from: data) else {
            throw UserError("\(folder)/ledger.json is damaged: nothing of the run before is applied again")
        }
        return entries.compactMap { entry in
            var proposal = entry.file.recommendation
            let left = entry.applied + Int64(proposal.lifetime) - second
            guard left >= 1, left <= proposal.lifetime else { return nil }
            proposal.lifetime = Int(left)
            proposal.harmBound.seconds = Int(left)
            return try? gate.admit(proposal)
        }
    }

    mutating func add(_ recommendation: Recommendation, at second: Int64) throws(UserError) {
        entries.append(Entry(applied: second, file: RecommendationFile(recommendation)))
        try write()
    }

    /// Keeps only what is still in force.
    mutating func keep(_ decisions: Set<String>) throws(UserError) {
        let count = entries.count
        entries.removeAll { !decisions.contains($0.file.decision ?? "") }
        if entries.count != count { try write() }
    }

    mutating func clear() throws(UserError) {
        entries = []
        try write()
    }

    private func write() throws(UserError) {
        guard let path else { return }
        guard let data = try? JSONEncoder().encode(entries) else { throw UserError("\(path): cannot be encoded") }
        try FileBytes.writeDurably(Array(data), to: path)
    }
}
