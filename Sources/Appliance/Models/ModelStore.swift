// A folder of model versions.

import Foundation
import Glibc
import Outputs

/// Keeps versions of a model and which of them is in use. Files appear whole or not at all.
public struct ModelStore {
    private let folder: String

    /// - Parameter folder: need not exist before the first `save`.
    public init(folder: String) {
        self.folder = folder
    }

    private func path(_ version: Int) -> String {
        let digits = String(version)
        return "\(folder)/model-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits + ".leptonnet"
    }

    private var currentPath: String { folder + "/current" }

    /// The versions there are, ascending.
    func versions() -> [Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.compactMap { name in
            guard name.hasPrefix("model-"), name.hasSuffix(".leptonnet") else { return nil }
            return Int(name.dropFirst(6).dropLast(10))
        }.sorted()
    }

    /// The version in use.
    ///
    /// - Throws: `UserError` when there is none.
    func current() throws(UserError) -> Int {
        guard !versions().isEmpty else {
            throw UserError("\(folder): there is no model; `leptonnet train FILE... --output \(folder)` makes one")
        }
        let text = String(decoding: try FileBytes.read(currentPath, expecting: "a folder of models"), as: UTF8.self)
        guard let version = Int(text.trimmingCharacters(in: .whitespacesAndNewlines)), versions().contains(version)
        else {
            throw UserError(
                "\(currentPath): names no version that is there; `leptonnet model rollback \(folder) --to N` mends it")
        }
        return version
    }

    /// Reads a version, the one in use by default.
    func load(_ version: Int? = nil) throws(UserError) -> SavedModel {
        let wanted: Int
        if let version { wanted = version } else { wanted = try current() }
        guard versions().contains(wanted) else {
            let known = versions().map(String.init).joined(separator: ", ")
            throw UserError("\(folder): there is no version \(wanted)\(known.isEmpty ? "" : "; there are \(known)")")
        }
        return try SavedModel(path: path(wanted))
    }

    /// Adds a version and puts it to use. Returns its number.
    func save(_ model: SavedModel) throws(UserError) -> Int {
        do {
            try OutputDirectory.prepare(folder)
        } catch {
            throw UserError("\(error)")
        }
        var model = model
        model.description.version = (versions().last ?? 0) + 1
        try FileBytes.write(model.bytes(), to: path(model.description.version))
        try use(model.description.version)
        return model.description.version
    }

    private func use(_ version: Int) throws(UserError) {
        try FileBytes.write(Array("\(version)\n".utf8), to: currentPath)
    }

    // MARK: Commands

    /// A line for each version; the one in use is marked.
    public func list() throws(UserError) -> String {
        let used = try current()
        var page = TextPage(colors: false)
        let widths = [3, 9, -12, -12, -11]
        page.row(["", "version", "packets", "hours", "threshold"], widths, isHeader: true)
        for version in versions() {
            let model = try load(version).description
            page.row(
                [
                    version == used ? "*" : "", "\(version)", HumanUnits.count(model.packets),
                    AlertPicture.number(Double(model.seconds) / 3600),
                    model.threshold.map { AlertPicture.number(Double($0)) } ?? "learning",
                ], widths)
        }
        return page.text
    }

    /// What a version was made from, the one in use by default.
    public func show(_ version: Int?) throws(UserError) -> String {
        let model = try load(version)
        let description = model.description
        var page = TextPage(colors: false)
        page.heading("Version \(description.version)")
        page.fact("captures", description.captures.joined(separator: ", "))
        page.fact("packets", HumanUnits.count(description.packets))
        page.fact("from", description.first)
        page.fact("to", description.last)
        page.fact(
            "threshold", description.threshold.map { AlertPicture.number(Double($0)) } ?? "none: the baseline goes on")
        if let networks = description.homeNetworks { page.fact("home networks", networks) }
        if let parent = description.parent { page.fact("goes on from", "version \(parent)") }
        page.fact("size", HumanUnits.bytes(UInt64(model.state.count)))
        page.fact("checksum", "correct")
        return page.text
    }

    /// Puts another version to use: the one before the present one by default. Returns its number.
    public func rollBack(to version: Int?) throws(UserError) -> Int {
        let wanted: Int
        if let version {
            wanted = version
        } else {
            let used = try current()
            guard let before = versions().last(where: { $0 < used }) else {
                throw UserError("\(folder): version \(used) is the first one; name another by --to")
            }
            wanted = before
        }
        // Only a sound one is put to use.
        _ = try load(wanted)
        try use(wanted)
        return wanted
    }
}
