// `leptonnet simulate --scenario` and `--capture`.

import Glibc
import Shaper

/// Runs every policy on a site of the user's or on the demand of a capture.
public struct StudySimulation {
    private let scenario: Scenario
    private let scenarioPath: String?
    private let capture: String?
    private let rules: String
    private let weights: String?
    private let seeds: Int

    /// - Parameters:
    ///   - scenario: path of a YAML file; nil for the reference site.
    ///   - capture: path of a capture whose busiest stretch is the demand; nil to draw demand from the scenario.
    ///   - rules: path of the rules by which the capture's flows are classified.
    ///   - weights: weights file of a learned policy, for sites with three paths.
    ///   - seeds: how many runs.
    public init(
        scenario: String?, capture: String?, rules: String, weights: String?, seeds: Int
    ) throws(UserError) {
        if let scenario {
            self.scenario = try ScenarioFile(path: scenario).scenario
        } else {
            self.scenario = Scenario()
        }
        scenarioPath = scenario
        self.capture = capture
        self.rules = rules
        self.weights = weights
        self.seeds = seeds
        if weights != nil, self.scenario.paths.count != Scenario.threePaths.count {
            throw UserError(
                "the learned policy is for \(Scenario.threePaths.count) paths and the site has "
                    + "\(self.scenario.paths.count); leave --weights out")
        }
    }

    /// Runs it and prints the figures.
    public func run(json: Bool) throws(UserError) {
        var conditions = [
            "\(scenarioPath ?? "reference site"), \(scenario.paths.count) paths, load \(scenario.load), "
                + "\(Int(scenario.duration)) s a run, \(seeds) seeds for what is drawn"
        ]
        let numbers = (UInt64(2000)..<(2000 + UInt64(seeds)))
        var traces: [DemandTrace]
        if let capture {
            let demand = try demand(of: capture)
            conditions.append(
                "demand: \(demand.flows.count) flows of \(capture) from second \(Int(demand.start)) on, "
                    + "amounts times \(Double(Int(100 * demand.factor)) / 100)")
            let site = scenario
            traces = numbers.map { DemandTrace(scenario: site, flows: demand.flows, capacitySeed: $0) }
        } else {
            let site = scenario
            traces = numbers.map { DemandTrace(scenario: site, seed: $0) }
        }
        let learned: DeepQPolicy?
        if let weights { learned = try PolicySimulation.policy(weights) } else { learned = nil }
        let report = Study(traces: traces, conditions: conditions, policy: learned).run { step in
            if isatty(STDERR_FILENO) == 1 { Terminal.write("\r\u{1b}[K\(step)", to: STDERR_FILENO) }
        }
        if isatty(STDERR_FILENO) == 1 { Terminal.write("\r\u{1b}[K", to: STDERR_FILENO) }
        Terminal.write(json ? report.json : report.text, to: STDOUT_FILENO)
    }

    private func demand(
        of capture: String
    ) throws(UserError) -> (flows: [FlowDemand], start: Double, factor: Double) {
        let file = try ClassRulesFile(path: rules)
        let observer = CaptureDemand(classifier: FlowClassifier(rules: file.rules, otherwise: file.otherwise))
        var settings = ReplaySettings()
        settings.paths = [capture]
        settings.output = nil
        settings.detection = nil
        settings.showsProgress = false
        _ = try Replay(settings, observers: [observer]).run()
        guard let demand = observer.busiest(scenario) else { throw UserError("\(capture): holds no flow") }
        return demand
    }
}
