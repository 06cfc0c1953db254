// Options of detection, the same for every command that detects.

import Appliance
import ArgumentParser

struct DetectionOptions: ParsableArguments {
    @Flag(help: "Do not detect: no scores, no alerts.")
    var noDetect = false

    @Option(help: "Packet time in which the detector only learns, such as 20m or 1h.")
    var baseline: String?

    @Option(help: "False incidents an hour that are acceptable; sets the threshold after the baseline.")
    var incidentsPerHour: Double?

    @Option(
        help: ArgumentHelp(
            "Ranges that are inside besides private ones, separated by commas; ! before a range that is not inside.",
            valueName: "cidr,..."))
    var homeNetworks: String?

    @Option(help: "Features or families to leave out, separated by commas.")
    var dropFeatures: String?

    @Option(help: "Features or families to use that are left out by default, separated by commas.")
    var useFeatures: String?

    @Option(help: "Models to use beside the detectors, separated by commas: \(ReplaySettings.modelNames).")
    var models: String?

    @Option(help: "Folder of rule files that set weights, names and severities.")
    var rules: String?

    @Option(help: "Folder of model versions: begin with the one in use, made by `train`.")
    var model: String?

    @Option(help: "Suppression file (YAML): alerts that are counted but not written.")
    var suppress: String?

    func apply(to settings: inout ReplaySettings) throws {
        if let homeNetworks {
            do {
                try settings.setHomeNetworks(homeNetworks)
            } catch {
                throw ValidationError("--home-networks: \(error)")
            }
        }
        if noDetect {
            settings.omitDetection()
            return
        }
        if let baseline {
            guard settings.setBaseline(baseline) else {
                throw ValidationError("--baseline takes a duration, such as 90s, 20m or 1h")
            }
        }
        if let incidentsPerHour {
            guard incidentsPerHour > 0, incidentsPerHour <= 1000 else {
                throw ValidationError("--incidents-per-hour takes a number above 0 and up to 1000")
            }
            settings.setBudget(incidentsPerHour)
        }
        if let rules { settings.apply(rules: try RulesFolder(path: rules)) }
        if let model { try settings.apply(model: model) }
        if let suppress { settings.apply(suppressions: try SuppressionList(path: suppress)) }
        if let useFeatures, let unknown = settings.useFeatures(useFeatures) {
            throw ValidationError("unknown feature '\(unknown)'; known: \(ReplaySettings.featureNames)")
        }
        if let models, let unknown = settings.useModels(models) {
            throw ValidationError("unknown model '\(unknown)'; known: \(ReplaySettings.modelNames)")
        }
        if let dropFeatures, let unknown = settings.dropFeatures(dropFeatures) {
            throw ValidationError("unknown feature '\(unknown)'; known: \(ReplaySettings.featureNames)")
        }
    }
}
