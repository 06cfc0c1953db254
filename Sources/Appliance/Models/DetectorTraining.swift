// `leptonnet train`: a detector that has learned ahead of time.

import Anomaly
import NetTypes
import Outputs

/// Replays captures through the detector and saves what it learned as a new version.
public struct DetectorTraining {
    private let settings: ReplaySettings
    private let store: ModelStore

    /// - Parameters:
    ///   - folder: of the versions.
    ///   - continues: whether to go on from the version in use instead of starting anew.
    public init(_ settings: ReplaySettings, folder: String, continues: Bool) throws(UserError) {
        var settings = settings
        store = ModelStore(folder: folder)
        settings.model = continues ? try store.load() : nil
        settings.savesModel = true
        settings.wantsSummary = false
        settings.output = nil
        self.settings = settings
    }

    /// Trains. Returns the report of the replay and the number of the new version.
    public func run() throws(UserError) -> (report: ReplayReport, version: Int) {
        guard settings.detection != nil else {
            throw UserError("a model is what detection learns; leave out --no-detect")
        }
        let report = try Replay(settings).run()
        guard let state = report.model, let first = report.totals.first, let last = report.totals.last else {
            throw UserError("there was no packet to learn from; nothing was saved")
        }
        let parent = settings.model?.description
        let description = SavedModel.Description(
            version: 0, captures: (parent?.captures ?? []) + settings.paths,
            packets: (parent?.packets ?? 0) + report.packets, first: parent?.first ?? HumanUnits.date(first),
            last: HumanUnits.date(last), seconds: (parent?.seconds ?? 0) + last.seconds - first.seconds,
            threshold: state.threshold.isFinite ? state.threshold : nil, parent: parent?.version,
            homeNetworks: settings.homeNetworks == .privateAlone ? nil : settings.homeNetworks.description)
        return (report, try store.save(SavedModel(description: description, state: state.bytes)))
    }
}

extension ReplaySettings {
    /// Begins with the model in use of a folder instead of with nothing.
    public mutating func apply(model folder: String) throws(UserError) {
        model = try ModelStore(folder: folder).load()
    }
}
