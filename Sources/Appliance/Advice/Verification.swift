// `leptonnet verify`: a recommendation proven in a network of its own.

import Advice
import Enforcement
import Glibc
import NetTypes

/// Applies a recommendation where it can hurt nobody, sends traffic, compares counters with the prediction, undoes it.
public struct Verification {
    /// A figure, as predicted and as the kernel counted it.
    struct Comparison {
        var figure: String
        var predicted: Double
        var counted: Int
        /// What may lie between the two.
        var tolerance: Double

        /// Five per cent, and one for rounding.
        init(_ figure: String, predicted: Double, counted: Int, deviation: Double = 0) {
            self.figure = figure
            self.predicted = predicted
            self.counted = counted
            tolerance = max(0.05 * predicted, deviation, 1)
        }

        var holds: Bool { (Double(counted) - predicted).magnitude <= tolerance }
    }

    let recommendation: Recommendation

    /// - Throws: `UserError` when the file is no recommendation or breaks an invariant.
    public init(recommendation path: String, site: SiteFile) throws(UserError) {
        let bytes = try FileBytes.read(path, expecting: "a recommendation of `leptonnet recommend`")
        recommendation = try RecommendationFile.recommendation(bytes, path: path, gate: Gate(site: site.site))
    }

    init(_ recommendation: Recommendation) {
        self.recommendation = recommendation
    }

    /// Runs the proof and prints it. The calling thread stays in the throw-away network.
    ///
    /// - Returns: whether everything was as predicted, and as before afterwards.
    public func run() throws(UserError) -> Bool {
        do throws(EnforcementError) {
            try NetworkSandbox.enter()
            let (comparisons, isRestored) = try prove()
            var lines = [recommendation.proposal.what, "  accepted and applied in a throw-away network", ""]
            lines.append("  " + Self.columns(["", "predicted", "counted", "difference"]))
            for comparison in comparisons {
                let difference =
                    comparison.predicted > 0
                    ? "\(((Double(comparison.counted) / comparison.predicted - 1) * 1000).rounded() / 10) %" : "-"
                lines.append(
                    "  "
                        + Self.columns([
                            comparison.figure, "\(Int(comparison.predicted.rounded()))", "\(comparison.counted)",
                            difference + (comparison.holds ? "" : "  TOO FAR"),
                        ]))
            }
            lines += ["", isRestored ? "  undone: everything is as before" : "  NOT UNDONE: something was left behind"]
            let holds = isRestored && comparisons.allSatisfy(\.holds)
            lines.append(holds ? "  proven" : "  not proven")
            Terminal.write(lines.joined(separator: "\n") + "\n", to: STDOUT_FILENO)
            return holds
        } catch {
            throw UserError("\(error)")
        }
    }

    /// The proof itself, in the calling thread's network, which must be a throw-away one.
    func prove() throws(EnforcementError) -> (comparisons: [Comparison], isRestored: Bool) {
        if let rule = recommendation.proposal.filter { return try prove(rule) }
        if let rule = recommendation.proposal.shape { return try prove(rule) }
        guard let rule = recommendation.proposal.route else { preconditionFailure("a recommendation has a rule") }
        return try prove(rule)
    }

    private static func columns(_ texts: [String]) -> String {
        texts.enumerated().map { index, text in
            let width = index == 0 ? 30 : 14
            return text + String(repeating: " ", count: max(1, width - text.count))
        }.joined()
    }

    /// Applies, measures, undoes; and says whether everything is as before.
    func trial(
        interfaces: [String], _ measure: () throws(EnforcementError) -> [Comparison]
    ) throws(EnforcementError) -> (comparisons: [Comparison], isRestored: Bool) {
        let folder = "\(temporaryFolder)/leptonnet-verify-\(getpid())"
        let change = recommendation.change
        let before = try NetworkSandbox.snapshot(interfaces: interfaces)
        let enforcer = try Enforcer(folder: folder)
        defer {
            for file in ["journal", "journal.partial", "lock"] { unlink("\(folder)/\(file)") }
            rmdir(folder)
        }
        try enforcer.apply(change)
        let comparisons = try measure()
        try enforcer.undo(change.name)
        return (comparisons, try NetworkSandbox.snapshot(interfaces: interfaces) == before)
    }

    private var temporaryFolder: String {
        getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    }

    /// A counter of a table as `nft` lists it.
    static func counter(_ name: String, of table: String) throws(EnforcementError) -> (packets: Int, bytes: Int) {
        let text = try Program.nft.require(["list", "counter", "inet", table, name])
        let words = text.split { $0 == " " || $0 == "\n" || $0 == "\t" }
        func number(after word: Substring) -> Int? {
            words.firstIndex(of: word).flatMap { $0 + 1 < words.count ? Int(words[$0 + 1]) : nil }
        }
        guard let packets = number(after: "packets"), let bytes = number(after: "bytes") else {
            throw EnforcementError("nft lists no figures for the counter \(name)")
        }
        return (packets, bytes)
    }
}
