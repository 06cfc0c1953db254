// Prometheus' text exposition format, version 0.0.4.

/// Writes metrics family by family: what each means, its type, then its samples.
struct PrometheusText {
    /// What a family counts.
    enum Kind: String {
        /// Grows until the process ends; its name ends in `_total`.
        case counter
        case gauge
        case histogram
    }

    private(set) var text = ""
    private var family = ""

    /// Begins a family.
    ///
    /// - Parameters:
    ///   - name: without the prefix `leptonnet_`.
    ///   - help: one line.
    mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
        precondition(kind != .counter || name.hasSuffix("_total"), "a counter's name ends in _total")
        family = "leptonnet_" + name
        text += "# HELP \(family) \(help)\n# TYPE \(family) \(kind.rawValue)\n"
    }

    /// Adds a sample to the family.
    mutating func sample(_ value: some CustomStringConvertible, suffix: String = "", _ labels: KeyValuePairs<String, String> = [:]) {
        text += family + suffix
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0.key)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",") + "}"
        }
        text += " \(value)\n"
    }

    /// A family of one sample.
    mutating func single(_ name: String, _ kind: Kind, _ value: some CustomStringConvertible, _ help: String) {
        begin(name, kind, help)
        sample(value)
    }

    /// A histogram's samples.
    mutating func histogram(_ name: String, _ histogram: DelayHistogram, _ help: String) {
        begin(name, .histogram, help)
        let counts = histogram.counts
        var sum = 0
        for (bound, count) in zip(DelayHistogram.bounds, counts) {
            sum += count
            sample(sum, suffix: "_bucket", ["le": "\(bound)"])
        }
        sum += counts[counts.count - 1]
        sample(sum, suffix: "_bucket", ["le": "+Inf"])
        sample(Double(histogram.microseconds) / 1e6, suffix: "_sum")
        sample(sum, suffix: "_count")
    }

    private static func escaped(_ value: String) -> String {
        var result = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
