// Detection settings as they stand on the command line.

import Anomaly
import Configuration
import NetTypes

extension ReplaySettings {
    /// Leaves detection out.
    public mutating func omitDetection() {
        detection = nil
    }

    /// Sets the time in which the detector only learns; false when the text is no duration.
    public mutating func setBaseline(_ text: String) -> Bool {
        guard let seconds = UnitText.seconds(text), seconds > 0 else { return false }
        detection?.baseline = Double(seconds)
        return true
    }

    /// Sets the number of false incidents an hour that the operator accepts.
    public mutating func setBudget(_ incidentsPerHour: Double) {
        detection?.incidentsPerHour = incidentsPerHour
    }

    /// Says which addresses are the site's own besides private ones: ranges separated by commas, `!` before one that is not.
    ///
    /// - Throws: `HomeNetworksError` for the first that is no such range.
    public mutating func setHomeNetworks(_ list: String) throws(HomeNetworksError) {
        homeNetworks = try HomeNetworks(list.split(separator: ",", omittingEmptySubsequences: false).map(String.init))
    }

    /// Leaves out features and families by name; returns the first unknown name.
    public mutating func dropFeatures(_ names: String) -> String? {
        for name in names.split(separator: ",") {
            let features = Feature.named(String(name))
            guard !features.isEmpty else { return String(name) }
            detection?.dropped.formUnion(features)
        }
        return nil
    }

    /// Switches models on by name; returns the first unknown name.
    public mutating func useModels(_ names: String) -> String? {
        for name in names.split(separator: ",") {
            guard let model = DetectionModel(rawValue: String(name)) else { return String(name) }
            detection?.models.insert(model)
        }
        return nil
    }

    /// Takes features and families back in that are left out by default; returns the first unknown name.
    public mutating func useFeatures(_ names: String) -> String? {
        for name in names.split(separator: ",") {
            let features = Feature.named(String(name))
            guard !features.isEmpty else { return String(name) }
            detection?.dropped.subtract(features)
        }
        return nil
    }

    /// The models there are.
    public static var modelNames: String { DetectionModel.allCases.map(\.rawValue).joined(separator: ", ") }

    /// The families and features that may be left out.
    public static var featureNames: String {
        (FeatureFamily.allCases.map { "\($0.name)" } + Feature.allCases.map { "\($0.name)" }).joined(separator: ", ")
    }
}
