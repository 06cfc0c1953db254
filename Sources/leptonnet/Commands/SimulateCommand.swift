// `leptonnet simulate`: scheduling policies in the simulator.

import Appliance
import ArgumentParser

struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Run scheduling policies in the simulator and print what they came to.",
        discussion: "Exit status 1 when a figure that the suite checks lies outside its bounds.")

    @Option(help: "What to run: \(PolicySimulation.suites.joined(separator: ", ")).")
    var suite: String

    @Option(help: "Weights file of a learned policy; repeat it for several training seeds.")
    var weights: [String] = []

    @Flag(help: "Print one JSON object instead of tables.")
    var json = false

    @Option(help: "Folder for the suite's pictures (SVG).")
    var pictures: String?

    func run() throws {
        let simulation = try PolicySimulation(suite: suite, weights: weights, pictures: pictures)
        if try !simulation.run(json: json) { throw ExitCode(1) }
    }
}
