// `leptonnet extract`: the packets behind an alert.

import Appliance
import ArgumentParser

struct ExtractCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "extract", abstract: "Write the packets behind an alert as a pcap file.",
        discussion: "Exit status 3 when a capture was damaged: what came before the damage was searched.")

    @Argument(help: ArgumentHelp("An incident_id of the log, with .N for its Nth alert.", valueName: "alert"))
    var identifier: String

    @Argument(help: ArgumentHelp("The captures that the log was made from.", valueName: "file"))
    var files: [String]

    @Option(help: "Folder of the log: what --output of the replay named.")
    var log: String

    @Option(help: "The pcap file to write.")
    var write: String

    func run() throws {
        let report = try AlertExtraction(identifier, log: log).run(files, to: write)
        Terminal.write("\(write): \(report.packets) packets\n", to: 1)
        for complaint in report.complaints { Terminal.write("leptonnet: \(complaint)\n", to: 2) }
        if !report.damage.isEmpty { throw ExitCode(3) }
    }
}
