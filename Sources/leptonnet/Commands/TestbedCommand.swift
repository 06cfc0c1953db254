// `leptonnet testbed`: the parts of scripts/testbed that are this program's.

import Appliance
import ArgumentParser

struct TestbedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "testbed", abstract: "Parts of the packet testbed; `make testbed` runs the whole.",
        subcommands: [TestbedTraceCommand.self, TestbedControlCommand.self, TestbedReportCommand.self])
}

struct TestbedTraceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace", abstract: "Print what the traffic programs are to send, as JSON.")

    @Option(help: "Seed of the demand and of the hidden capacities.")
    var seed: UInt64

    @Option(help: "Length of the run.")
    var seconds: Double = 20

    func run() { TestbedTrace(seed: seed, seconds: seconds).run() }
}

struct TestbedControlCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "control", abstract: "Control the paths of the router in whose namespace this runs.")

    @Option(help: "Which policy decides.")
    var policy: String

    @Option(help: "Weights file, for dqn.")
    var weights: String?

    @Option(help: "Seed of the run.")
    var seed: UInt64

    @Option(help: "Length of the run.")
    var seconds: Double = 20

    @Option(help: "When the run starts, in seconds since 1970.")
    var start: Double

    @Option(help: "Where to write what the control cost.")
    var output: String

    func run() throws {
        try TestbedController(policy: policy, weights: weights, seed: seed, seconds: seconds)
            .run(start: start, output: output)
    }
}

struct TestbedReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Print the paired table of the runs in a folder.")

    @Argument(help: "Folder with the measurements.")
    var folder: String

    @Option(help: "Weights file of the learned policy, to simulate it on the same traces.")
    var weights: String?

    @Flag(help: "Print one JSON object instead of tables.")
    var json = false

    func run() throws { try TestbedReport(folder: folder, weights: weights).run(json: json) }
}
