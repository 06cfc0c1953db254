// An evaluation as text and as curves.

import Learning

extension EvaluationReport {
    /// The mean of a figure over the categories.
    func macro(_ value: (Category) -> Double) -> Double {
        categories.isEmpty ? 0 : categories.reduce(0) { $0 + value($1) } / Double(categories.count)
    }

    /// The median of the seconds to the first alert, nil when that attack was missed.
    var medianDelay: Double? {
        let delays = attacks.map { $0.delay ?? .infinity }.sorted()
        guard !delays.isEmpty else { return nil }
        let median = delays[delays.count / 2]
        return median == .infinity ? nil : median
    }

    var text: String {
        var lines: [String] = []
        let precision = ranking.points.last { $0.threshold > Double(threshold) }.map { point in
            Double(point.truePositives) / Double(max(1, point.truePositives + point.falsePositives))
        }
        let f1 = precision.map { $0 + recall > 0 ? 2 * $0 * recall / ($0 + recall) : 0 }
        lines.append("flows: \(ranking.positives) labelled, \(ranking.negatives) benign units")
        lines.append("coverage: \(Self.decimal(coverage))")
        if !unknownProtocols.isEmpty {
            lines.append(
                "missed for their protocol's name: rows with \(unknownProtocols.joined(separator: ", ")); write it as EVE does, such as igmp"
            )
        }
        if coverage == 0, ranking.positives > 0 {
            lines.append(
                "no label matched a flow: the labels are of another capture or clock, and the figures below say nothing"
            )
        }
        lines.append("AUROC: \(Self.decimal(ranking.areaUnderCurve ?? 0))")
        lines.append("average precision: \(Self.decimal(ranking.averagePrecision ?? 0))")
        lines.append("precision at 1 % false positives: \(Self.decimal(precision ?? 0))")
        lines.append("recall at 1 % false positives: \(Self.decimal(recall))")
        lines.append("F1 at 1 % false positives: \(Self.decimal(f1 ?? 0))")
        lines.append("macro AUROC: \(Self.decimal(macro(\.areaUnderCurve)))")
        lines.append("macro recall at 1 % false positives: \(Self.decimal(macro(\.recall)))")
        for category in categories {
            lines.append(
                "  \(category.name): \(category.flows) flows, AUROC \(Self.decimal(category.areaUnderCurve)), "
                    + "recall \(Self.decimal(category.recall))")
        }
        let found = attacks.compactMap(\.delay)
        lines.append("attacks found: \(found.count) of \(attacks.count)")
        if !attacks.isEmpty {
            lines.append("median seconds to alert: \(medianDelay.map(Self.decimal) ?? "none")")
        }
        lines.append(
            "incidents: \(incidents), of them false: \(falseIncidents), before the counted time: \(benignIncidents)")
        if hours > 0 {
            lines.append("false incidents an hour: \(Self.decimal(Double(falseIncidents) / hours))")
            lines.append("unmatched alerts an hour: \(Self.decimal(Double(unmatchedAlerts) / hours))")
        }
        for attack in attacks {
            lines.append(
                "  \(attack.name) \(attack.category): "
                    + (attack.delay.map { "found after \(Self.decimal($0)) s" } ?? "missed"))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The ROC curve (true against false positive rate) or the precision-recall curve as an SVG picture.
    func curve(precisionRecall: Bool) -> String {
        let size = 400.0
        var path = precisionRecall ? "" : "M 40 440"
        for point in ranking.points {
            let recall = Double(point.truePositives) / Double(max(1, ranking.positives))
            let other =
                precisionRecall
                ? Double(point.truePositives) / Double(max(1, point.truePositives + point.falsePositives))
                : Double(point.falsePositives) / Double(max(1, ranking.negatives))
            let (x, y) = precisionRecall ? (recall, other) : (other, recall)
            path += "\(path.isEmpty ? "M" : " L") \(Self.decimal(40 + size * x)) \(Self.decimal(440 - size * y))"
        }
        let (abscissa, ordinate) = precisionRecall ? ("recall", "precision") : ("false positives", "true positives")
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 460 480" font-family="sans-serif" font-size="14">
            <rect x="40" y="40" width="400" height="400" fill="none" stroke="#888"/>
            <path d="\(path)" fill="none" stroke="#06c" stroke-width="2"/>
            <text x="240" y="468" text-anchor="middle">\(abscissa)</text>
            <text x="24" y="240" text-anchor="middle" transform="rotate(-90 24 240)">\(ordinate)</text>
            </svg>

            """
    }

    /// Three decimals.
    private static func decimal(_ value: Double) -> String {
        let thousandths = Int((value * 1000).rounded())
        let fraction = String(thousandths.magnitude % 1000)
        return "\(thousandths < 0 ? "-" : "")\(thousandths.magnitude / 1000)."
            + String(repeating: "0", count: 3 - fraction.count) + fraction
    }
}
