// `leptonnet conform`: whether a log keeps to its format.

import Appliance
import ArgumentParser

extension Conformance.Format: ExpressibleByArgument {}

struct ConformCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conform",
        abstract: "Check every line of a log against the rules of its format.",
        discussion: """
            Prints each violation with its line, then what was checked and how often. Exit status: 0 without violations, \
            1 with some, 2 for a mistake in the command or a file that cannot be read.
            """)

    @Option(help: "The format of the lines: eve, ecs, ocsf, cef or rfc5424.")
    var format: Conformance.Format

    @Argument(help: "The log.")
    var file: String

    func run() throws {
        var conformance = Conformance(format)
        var shown = 0
        try conformance.judge(file: file) { line, fault in
            shown += 1
            if shown <= 100 { Terminal.write("\(file):\(line): \(fault)\n", to: 1) }
        }
        if shown > 100 { Terminal.write("\(file): \(shown - 100) further violations\n", to: 1) }
        Terminal.write(conformance.summary, to: 1)
        if conformance.badLines > 0 { throw ExitCode(1) }
    }
}
