// `leptonnet classify`: traffic classes of a capture's flows.

import Appliance
import ArgumentParser

struct ClassifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "classify",
        abstract: "Tell which traffic class each flow of a capture is of, after eight packets.",
        discussion: """
            The truth file is CSV with the columns proto, address, port, least_bytes and class; "*" stands for any. With it the \
            confusion matrix is printed.
            """)

    @Argument(help: ArgumentHelp("Capture files.", valueName: "capture"))
    var files: [String]

    @Option(help: "File of class rules.")
    var rules = "rules/classes.yaml"

    @Option(help: "CSV file that says what flows truly are.")
    var truth: String?

    @Option(
        help:
            "What the rules must do without, separated by commas: \(Classification.knowledge.joined(separator: ", ")).")
    var without: String?

    func run() throws {
        let ignored = without?.split(separator: ",").map(String.init) ?? []
        let classification = try Classification(files: files, rules: rules, truth: truth, ignoring: ignored)
        Terminal.write(try classification.run(), to: 1)
    }
}
