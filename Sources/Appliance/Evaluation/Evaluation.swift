// Measuring detection against labels.

import Glibc
import NetTypes

/// Replays a labelled capture and says how well the detector did.
public struct Evaluation {
    private let settings: ReplaySettings
    private let labels: String
    private let scope: EvaluationScope

    /// - Parameters:
    ///   - settings: captures and detection; what they say about output is where the curves go.
    ///   - labels: path of the labels file.
    public init(_ settings: ReplaySettings, labels: String, scope: EvaluationScope) {
        self.settings = settings
        self.labels = labels
        self.scope = scope
    }

    /// Runs it and returns the report as text; writes `roc.svg`, `precision-recall.svg` and `report.json` into the output
    /// folder.
    ///
    /// - Throws: `UserError` for unusable labels, captures or folders.
    public func run() throws(UserError) -> String {
        let labels = try LabelFile(path: labels)
        let observer = EvaluationObserver()
        var replayed = settings
        replayed.output = nil
        _ = try Replay(replayed, observers: [observer]).run()
        let report = EvaluationReport(
            records: observer.records, alerts: observer.alerts, labels: labels, scope: scope)
        if let folder = settings.output {
            try write(report.curve(precisionRecall: false), to: folder + "/roc.svg", in: folder)
            try write(report.curve(precisionRecall: true), to: folder + "/precision-recall.svg", in: folder)
            try write(report.json, to: folder + "/report.json", in: folder)
        }
        return report.text
    }

    private func write(_ text: String, to path: String, in folder: String) throws(UserError) {
        mkdir(folder, 0o755)
        guard let file = fopen(path, "we") else {
            throw UserError("\(path): cannot be written: \(String(cString: strerror(errno)))")
        }
        defer { fclose(file) }
        var text = text
        let isWritten = text.withUTF8 { fwrite($0.baseAddress, 1, $0.count, file) == $0.count }
        guard isWritten, fflush(file) == 0 else {
            throw UserError("\(path): cannot be written: \(String(cString: strerror(errno)))")
        }
    }
}
