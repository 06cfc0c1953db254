// A table that is printed, and whose rows the JSON repeats.

/// A titled table; the first column is flushed left, the others right.
public struct ReportTable: Sendable, Equatable {
    public var title: String
    public var header: [String]
    public var rows: [[String]]

    public init(title: String, header: [String], rows: [[String]]) {
        precondition(rows.allSatisfy { $0.count == header.count }, "Every row has a cell for each column")
        self.title = title
        self.header = header
        self.rows = rows
    }

    /// The table in plain text with columns of even width.
    public var text: String {
        let widths = header.indices.map { column in
            ([header] + rows).map { $0[column].count }.max() ?? 0
        }
        func line(_ cells: [String]) -> String {
            let padded = cells.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + padding : padding + cell
            }
            return padded.joined(separator: "  ")
        }
        let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")
        return ([title, line(header), rule] + rows.map(line)).joined(separator: "\n")
    }

    /// Means of runs, one row for each policy.
    static func means(title: String, _ results: [(name: String, runs: [RunMetrics])]) -> ReportTable {
        let metrics = Metric.allCases
        let header =
            ["policy"] + metrics.map { $0.rawValue + ($0.unit.isEmpty ? "" : " [\($0.unit)]") }
            + ["voice p99 [ms]", "video p99 [ms]", "web p99 [ms]", "bulk p99 [ms]"]
        let rows = results.map { result in
            let figures = metrics.map { metric in
                metric.mean(of: result.runs).map { Decimal.text($0, places: metric.places) } ?? "-"
            }
            let tails = [TrafficClass.voice, .video, .web, .bulk].map { trafficClass in
                let values = result.runs.compactMap { $0.latency99[trafficClass.rawValue] }
                return values.isEmpty
                    ? "-" : Decimal.text(values.reduce(0, +) / Double(values.count), places: 0)
            }
            return [result.name] + figures + tails
        }
        return ReportTable(title: title, header: header, rows: rows)
    }

    /// Changes with their confidence intervals, one row for each.
    static func changes(title: String, _ comparisons: [Comparison]) -> ReportTable {
        let rows = comparisons.map { comparison in
            let places = comparison.metric.comparesByDifference ? 4 : 1
            func number(_ value: Double) -> String { Decimal.text(value, places: places, signed: true) }
            let estimate = comparison.estimate
            return [
                comparison.setting, comparison.policy, comparison.baseline, comparison.metric.rawValue,
                number(estimate.value),
                "[\(number(estimate.low)), \(number(estimate.high))]",
                comparison.metric.comparesByDifference ? "units" : "%", "\(comparison.pairs)",
            ]
        }
        return ReportTable(
            title: title,
            header: ["setting", "policy", "baseline", "metric", "change", "95 % interval", "in", "pairs"],
            rows: rows)
    }
}
