// `leptonnet explain`: why an alert was raised.

import Appliance
import ArgumentParser

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Show why an alert was raised, as a picture in the terminal.")

    @Argument(help: ArgumentHelp("An incident_id of the log, with .N for its Nth alert.", valueName: "alert"))
    var identifier: String

    @Option(help: "Folder of the log: what --output of the replay named.")
    var log: String

    func run() throws {
        try AlertExplanation(identifier, log: log).print()
    }
}
