// `leptonnet simulate`: scheduling policies in the simulator.

import Appliance
import ArgumentParser

struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Run scheduling policies in the simulator and print what they came to.",
        discussion: "Exit status 1 when a figure that the suite checks lies outside its bounds.")

    @Option(help: "What to run: \(PolicySimulation.suites.joined(separator: ", ")).")
    var suite: String?

    @Option(help: "Instead of a suite, a site of your own (YAML).")
    var scenario: String?

    @Option(help: "Instead of drawn demand, the busiest stretch of a capture.")
    var capture: String?

    @Option(help: "Class rules for the flows of --capture.")
    var rules = "rules/classes.yaml"

    @Option(help: "How many runs of --scenario or --capture.")
    var seeds = 20

    @Option(help: "Weights file of a learned policy; repeat it for several training seeds.")
    var weights: [String] = []

    @Flag(help: "Print one JSON object instead of tables.")
    var json = false

    @Option(help: "Folder for the suite's pictures (SVG).")
    var pictures: String?

    func validate() throws {
        guard (suite != nil) != (scenario != nil || capture != nil) else {
            throw ValidationError("give either --suite, or --scenario or --capture or both of these")
        }
        guard (1...1000).contains(seeds) else { throw ValidationError("--seeds takes a number from 1 to 1000") }
    }

    func run() throws {
        guard let suite else {
            return try StudySimulation(
                scenario: scenario, capture: capture, rules: rules, weights: weights.first, seeds: seeds
            ).run(json: json)
        }
        let simulation = try PolicySimulation(suite: suite, weights: weights, pictures: pictures)
        if try !simulation.run(json: json) { throw ExitCode(1) }
    }
}
