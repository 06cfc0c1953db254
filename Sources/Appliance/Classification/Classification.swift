// Classifying the flows of a capture, and measuring how well that went.

import NetTypes
import Shaper

/// `leptonnet classify`: replays captures and tells which traffic class each flow is of.
public struct Classification {
    /// Flows that are judged: those that have at least this many packets.
    static let leastPackets = UInt64(FlowMeasures.packets)

    private let files: [String]
    private let classifier: FlowClassifier
    private let truth: TruthFile?
    private let ignored: Set<ClassRule.Knowledge>

    /// What a rule may not use, by name.
    public static let knowledge = ClassRule.Knowledge.allCases.map(\.rawValue)

    /// - Parameters:
    ///   - rules: path of the rules file.
    ///   - truth: path of a CSV file that says what flows are; nil only counts classes.
    ///   - ignoring: what the rules must do without, of `knowledge`.
    public init(files: [String], rules: String, truth: String?, ignoring: [String]) throws(UserError) {
        self.files = files
        var ignored: Set<ClassRule.Knowledge> = []
        for name in ignoring {
            guard let knowledge = ClassRule.Knowledge(rawValue: name) else {
                throw UserError(
                    "'\(name)' cannot be left out; --without takes \(Self.knowledge.joined(separator: ", "))")
            }
            ignored.insert(knowledge)
        }
        self.ignored = ignored
        let file = try ClassRulesFile(path: rules)
        classifier = FlowClassifier(rules: file.rules, otherwise: file.otherwise, ignoring: ignored)
        if let truth { self.truth = try TruthFile(path: truth) } else { self.truth = nil }
    }

    /// Runs it and returns the tables as text.
    public func run() throws(UserError) -> String {
        let observer = ClassObserver(classifier: classifier, truth: truth)
        var settings = ReplaySettings()
        settings.paths = files
        settings.output = nil
        settings.detection = nil
        // Applications are recognised for the summary's sake.
        settings.wantsSummary = true
        settings.showsProgress = false
        _ = try Replay(settings, observers: [observer]).run()
        let without = ignored.map(\.rawValue).sorted().joined(separator: ", ")
        let note = without.isEmpty ? "" : "Without the rules about \(without)\n\n"
        return note + (truth == nil ? observer.counts.text : observer.confusion.text)
    }
}
