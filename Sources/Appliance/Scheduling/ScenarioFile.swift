// A simulated site from a YAML file.

import Configuration
import Shaper

/// Reads a scenario; docs/reference/simulate.md lists the keys. What the file leaves out is as in the reference setting.
struct ScenarioFile {
    let scenario: Scenario

    /// - Throws: `UserError` with file, line and mend for the first mistake.
    init(path: String) throws(UserError) {
        let bytes = try FileBytes.read(path, expecting: "a scenario; see docs/reference/simulate.md")
        do {
            let root = try ConfigurationNode(parsing: String(decoding: bytes, as: UTF8.self), path: path)
            scenario = try Self.scenario(root)
        } catch {
            throw UserError("\(error)")
        }
    }

    private static func scenario(_ root: ConfigurationNode) throws(ConfigurationError) -> Scenario {
        try root.allow(["paths", "mix", "load", "floods", "duration", "telemetry_age", "fifo_buffer_ms", "detector"])
        var scenario = Scenario()
        if let node = try root.value("paths") {
            var paths: [PathSpecification] = []
            for element in try node.elements() { paths.append(try path(element)) }
            guard (1...maximumPaths).contains(paths.count) else {
                throw node.error("a site has between one and \(maximumPaths) paths")
            }
            scenario.paths = paths
        }
        if let node = try root.value("mix") { scenario.mix = try mix(node) }
        if let node = try root.value("load") { scenario.load = try number(node, 0.01...4) }
        if let node = try root.value("floods") { scenario.floods = try flag(node) }
        if let node = try root.value("duration") { scenario.duration = Double(try node.seconds()) }
        if let node = try root.value("telemetry_age") {
            scenario.telemetryAge = try node.integer(in: 0...Telemetry.maximumAge)
        }
        if let node = try root.value("fifo_buffer_ms") { scenario.fifoBuffer = try number(node, 1...10_000) / 1e3 }
        if let node = try root.value("detector") { scenario.detector = try detector(node) }
        return scenario
    }

    private static func path(_ node: ConfigurationNode) throws(ConfigurationError) -> PathSpecification {
        try node.allow(["name", "rate_mbit", "delay_ms", "steps_mbit", "hold_s", "fading"])
        guard let name = try node.value("name"), let rate = try node.value("rate_mbit"),
            let delay = try node.value("delay_ms")
        else { throw node.error("a path needs 'name', 'rate_mbit' and 'delay_ms'") }
        var capacity = CapacityModel.fixed
        if let steps = try node.value("steps_mbit") {
            var levels: [Double] = []
            for level in try steps.elements() { levels.append(1e6 * (try number(level, 0.01...1e5))) }
            guard !levels.isEmpty else { throw steps.error("a stepping path needs at least one level") }
            let hold = try node.value("hold_s")
            capacity = .stepping(
                levels: levels,
                meanSeconds: try hold.map { node throws(ConfigurationError) in
                    try number(node, 0.1...3600)
                } ?? 12)
        } else if let fading = try node.value("fading") {
            try fading.allow(["mean_mbit", "deviation_mbit", "relaxation_s", "least_mbit", "most_mbit"])
            capacity = .fading(
                mean: 1e6 * (try part(fading, "mean_mbit")), deviation: 1e6 * (try part(fading, "deviation_mbit")),
                relaxationSeconds: try part(fading, "relaxation_s"), minimum: 1e6 * (try part(fading, "least_mbit")),
                maximum: 1e6 * (try part(fading, "most_mbit")))
        }
        return PathSpecification(
            name: try name.text(), nominal: 1e6 * (try number(rate, 0.1...1e5)),
            propagation: try number(delay, 0...2000) / 1e3, capacity: capacity)
    }

    private static func part(_ node: ConfigurationNode, _ key: String) throws(ConfigurationError) -> Double {
        guard let value = try node.value(key) else { throw node.error("fading needs '\(key)'") }
        return try number(value, 0.001...1e5)
    }

    private static func mix(_ node: ConfigurationNode) throws(ConfigurationError) -> TrafficMix {
        try node.allow(["voice", "video", "web", "bulk", "backup"])
        var mix = TrafficMix(name: "own", voice: 1, video: 1, web: 1, bulk: 1, backup: 1)
        for (key, place) in [
            ("voice", \TrafficMix.voice), ("video", \.video), ("web", \.web), ("bulk", \.bulk), ("backup", \.backup),
        ] {
            if let value = try node.value(key) { mix[keyPath: place] = try number(value, 0.01...100) }
        }
        return mix
    }

    private static func detector(_ node: ConfigurationNode) throws(ConfigurationError) -> DetectorModel {
        try node.allow(["recall", "false_positives", "least_delay_s", "most_delay_s"])
        var model = DetectorModel.standard
        if let value = try node.value("recall") { model.recall = try number(value, 0...1) }
        if let value = try node.value("false_positives") { model.falsePositiveRate = try number(value, 0...1) }
        if let value = try node.value("least_delay_s") { model.minimumDelay = try number(value, 0...600) }
        if let value = try node.value("most_delay_s") { model.maximumDelay = try number(value, 0...600) }
        guard model.minimumDelay <= model.maximumDelay else {
            throw node.error("least_delay_s must not be above most_delay_s (\(model.maximumDelay))")
        }
        return model
    }

    private static func flag(_ node: ConfigurationNode) throws(ConfigurationError) -> Bool {
        switch try node.text() {
        case "true", "yes": return true
        case "false", "no": return false
        case let other: throw node.error("'\(other)' is neither yes nor no")
        }
    }

    private static func number(
        _ node: ConfigurationNode, _ range: ClosedRange<Double>
    ) throws(ConfigurationError) -> Double {
        let text = try node.text()
        guard let value = Double(text), range.contains(value) else {
            throw node.error("'\(text)' is not a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }
}
