// The command line.

import ArgumentParser

/// `leptonnet`: one command for each thing the appliance can be asked to do. No logic here: see `Appliance`.
@main
struct Leptonnet: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "leptonnet",
        abstract: "Network traffic analysis and anomaly detection.",
        subcommands: [ReplayCommand.self, EvaluateCommand.self, RulesCommand.self])
}
