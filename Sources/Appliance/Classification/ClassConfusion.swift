// How often each class was taken for each.

import Shaper

/// A confusion matrix over traffic classes, and the rules behind its mistakes.
struct ClassConfusion {
    private var matrix = [[Int]](repeating: Array(repeating: 0, count: TrafficClass.count), count: TrafficClass.count)
    private var mistakes: [String: Int] = [:]
    private var unknown = 0

    mutating func add(truth: TrafficClass?, verdict: FlowClassifier.Verdict) {
        guard let truth else {
            unknown += 1
            return
        }
        matrix[truth.rawValue][verdict.trafficClass.rawValue] += 1
        if truth != verdict.trafficClass {
            let rule = verdict.rule ?? "no rule"
            mistakes["\(truth.name) taken for \(verdict.trafficClass.name) by: \(rule)", default: 0] += 1
        }
    }

    /// Flows that were judged and whose class is known.
    var flows: Int { matrix.joined().reduce(0, +) }

    /// The share of them that got their class.
    var accuracy: Double {
        let right = matrix.indices.reduce(0) { $0 + matrix[$1][$1] }
        return Double(right) / Double(max(flows, 1))
    }

    var text: String {
        let classes = TrafficClass.allCases.filter { truth in
            matrix[truth.rawValue].contains { $0 > 0 } || matrix.contains { $0[truth.rawValue] > 0 }
        }
        let rows = classes.map { truth -> [String] in
            let row = matrix[truth.rawValue]
            let sum = row.reduce(0, +)
            return [truth.name] + classes.map { "\(row[$0.rawValue])" }
                + ["\(sum)", sum > 0 ? Self.percent(row[truth.rawValue], of: sum) : "-"]
        }
        let table = ReportTable(
            title: "True class by row, what it was taken for by column, after \(FlowMeasures.packets) packets",
            header: ["class"] + classes.map(\.name) + ["flows", "right"], rows: rows)
        let right = matrix.indices.reduce(0) { $0 + matrix[$1][$1] }
        var parts = [
            table.text, "Right: \(Self.percent(right, of: flows)) of \(flows) flows; \(unknown) flows without a label",
        ]
        let worst = mistakes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(8)
        if !worst.isEmpty {
            parts.append(
                (["Most frequent mistakes"] + worst.map { "  \($0.value)  \($0.key)" }).joined(separator: "\n"))
        }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private static func percent(_ part: Int, of whole: Int) -> String {
        let tenths = (1000 * part + whole / 2) / max(whole, 1)
        return "\(tenths / 10).\(tenths % 10) %"
    }
}

extension ClassObserver.Counts {
    var text: String {
        let rows = TrafficClass.allCases.map { trafficClass -> [String] in
            let lane = trafficClass.rawValue
            let often = rules[lane].sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(4)
            return [
                trafficClass.name, "\(flows[lane])", "\(bytes[lane])",
                often.map { "\($0.key) (\($0.value))" }.joined(separator: ", "),
            ]
        }
        return ReportTable(
            title: "Flows of at least \(FlowMeasures.packets) packets",
            header: ["class", "flows", "bytes", "most frequent rules"], rows: rows
        ).text + "\n"
    }
}
