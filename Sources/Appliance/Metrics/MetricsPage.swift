// The text that Prometheus reads.

/// A page in Prometheus's text format, version 0.0.4: families of samples, each with its help and type in front.
struct MetricsPage {
    enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    private(set) var text = ""

    /// Begins a family; its samples follow.
    ///
    /// - Parameters:
    ///   - name: without the prefix of the program; counters end in `_total`, quantities in their base unit.
    ///   - prefix: what comes in front of the name.
    mutating func family(_ name: String, _ kind: Kind, _ help: String, prefix: String = "leptonnet_") {
        precondition((kind == .counter) == name.hasSuffix("_total"), "counters, and only they, end in _total")
        family = prefix + name
        text += "# HELP \(family) \(Self.escaped(help))\n# TYPE \(family) \(kind.rawValue)\n"
    }

    private var family = ""

    /// Appends a sample of the family that was begun last.
    mutating func sample(_ value: some BinaryInteger, _ labels: KeyValuePairs<String, String> = [:]) {
        append(suffix: "", labels, "\(value)")
    }

    /// Appends a sample that need not be whole.
    mutating func sample(_ value: Double, _ labels: KeyValuePairs<String, String> = [:]) {
        append(suffix: "", labels, Self.number(value))
    }

    /// A family with one sample.
    mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: some BinaryInteger) {
        family(name, kind, help)
        sample(value)
    }

    /// Appends a histogram of the family that was begun last.
    mutating func histogram(_ histogram: LatencyHistogram) {
        var below: UInt64 = 0
        for (bound, count) in zip(LatencyHistogram.bounds, histogram.counts) {
            below += count
            append(suffix: "_bucket", ["le": Self.number(bound)], "\(below)")
        }
        append(suffix: "_bucket", ["le": "+Inf"], "\(histogram.count)")
        append(suffix: "_sum", [:], Self.number(histogram.sum))
        append(suffix: "_count", [:], "\(histogram.count)")
    }

    private mutating func append(suffix: String, _ labels: KeyValuePairs<String, String>, _ value: String) {
        text += family + suffix
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0.key)=\"\(Self.escaped($0.value, quotes: true))\"" }.joined(separator: ",") + "}"
        }
        text += " \(value)\n"
    }

    private static func number(_ value: Double) -> String {
        value.isInfinite ? (value < 0 ? "-Inf" : "+Inf") : "\(value)"
    }

    private static func escaped(_ text: String, quotes: Bool = false) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.append(character)
            }
        }
        return result
    }
}
