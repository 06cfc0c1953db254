// What a suite hands back: text for people, JSON for programs, pictures for both.

/// The outcome of a suite.
public struct SuiteReport: Sendable, Equatable {
    public var suite: String
    /// Seeds, load, buffers, floods, telemetry age: everything that the figures depend on.
    public var conditions: [String]
    public var tables: [ReportTable]
    public var comparisons: [Comparison]
    public var checks: [SuiteCheck]
    /// Pictures by file name.
    public var pictures: [(name: String, svg: String)]

    public static func == (first: SuiteReport, second: SuiteReport) -> Bool {
        first.json == second.json && first.pictures.elementsEqual(second.pictures, by: ==)
    }

    /// Whether every check passed.
    public var passed: Bool { checks.allSatisfy(\.passed) }

    /// The report as it is printed.
    public var text: String {
        var parts = (["leptonnet simulate --suite \(suite)"] + conditions).joined(separator: "\n")
        for table in tables { parts += "\n\n" + table.text }
        if !checks.isEmpty {
            let table = ReportTable(
                title: "Checks", header: ["figure", "measured", "expected", "off by", "met"],
                rows: checks.map(\.row))
            parts += "\n\n" + table.text
        }
        return parts + "\n"
    }

    /// The report as one JSON object with `suite`, `conditions`, `passed`, `checks`, `comparisons` and `tables`.
    public var json: String {
        var writer = JSONText()
        writer.object {
            $0.member("suite", suite)
            $0.array("conditions", conditions) { $0.string($1) }
            $0.member("passed", passed)
            $0.array("checks", checks) { writer, check in
                writer.object {
                    $0.member("name", check.name)
                    $0.member("measured", check.measured)
                    $0.member("expected", check.expectation.value)
                    $0.member("tolerance", check.expectation.tolerance)
                    $0.member("passed", check.passed)
                }
            }
            $0.array("comparisons", comparisons) { writer, comparison in
                writer.object {
                    $0.member("setting", comparison.setting)
                    $0.member("policy", comparison.policy)
                    $0.member("baseline", comparison.baseline)
                    $0.member("metric", comparison.metric.rawValue)
                    $0.member("change", comparison.estimate.value)
                    $0.array("ci95", [comparison.estimate.low, comparison.estimate.high]) { $0.number($1) }
                    $0.member("pairs", Double(comparison.pairs))
                }
            }
            $0.array("tables", tables) { writer, table in
                writer.object {
                    $0.member("title", table.title)
                    $0.array("header", table.header) { $0.string($1) }
                    $0.array("rows", table.rows) { writer, row in
                        writer.list(row) { $0.string($1) }
                    }
                }
            }
        }
        return writer.text + "\n"
    }
}
