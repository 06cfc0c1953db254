// An evaluation for other programs.

import Foundation
import Learning

extension EvaluationReport {
    /// The figures as one JSON object; `delays` has null for a missed attack.
    var json: String {
        struct Figures: Encodable {
            let coverage: Double
            let auroc: Double
            let averagePrecision: Double
            let recall: Double
            let macroAUROC: Double
            let macroRecall: Double
            let incidents: Int
            let falseIncidents: Int
            let benignIncidents: Int
            let unmatchedAlerts: Int
            let hours: Double
            let categories: [String: [Double]]
            let delays: [String: Double?]
        }
        let figures = Figures(
            coverage: coverage, auroc: ranking.areaUnderCurve ?? 0, averagePrecision: ranking.averagePrecision ?? 0,
            recall: recall, macroAUROC: macro(\.areaUnderCurve), macroRecall: macro(\.recall), incidents: incidents,
            falseIncidents: falseIncidents, benignIncidents: benignIncidents, unmatchedAlerts: unmatchedAlerts,
            hours: hours,
            categories: Dictionary(
                uniqueKeysWithValues: categories.map { ($0.name, [$0.areaUnderCurve, $0.recall]) }),
            delays: Dictionary(uniqueKeysWithValues: attacks.map { ($0.name, $0.delay) }))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        // Every value is a number or a name: encoding cannot fail.
        guard let bytes = try? encoder.encode(figures) else { return "{}" }
        return String(decoding: bytes, as: UTF8.self) + "\n"
    }
}
