// `leptonnet suppress`: alerts that are not wanted.

import Appliance
import ArgumentParser

struct SuppressCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suppress", abstract: "Work with suppression files.", subcommands: [Check.self, Preview.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a suppression file: names file, line and mend for a mistake.")

        @Argument(help: "Suppression file (YAML).")
        var file: String

        func run() throws {
            let list = try SuppressionList(path: file)
            Terminal.write("\(file): \(list.count) entries, no mistake\n", to: 1)
        }
    }

    struct Preview: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say which of the last alerts a suppression file would have hidden.")

        @Option(help: "Folder of the log: what --output of the replay named.")
        var log: String

        @Option(help: "Suppression file (YAML).")
        var suppress: String

        @Option(help: "How many of the latest alerts to look at.")
        var last = 1000

        func run() throws {
            guard last > 0 else { throw ValidationError("--last takes a number above zero") }
            let list = try SuppressionList(path: suppress)
            Terminal.write(try SuppressionPreview(list, log: log, last: last).text, to: 1)
        }
    }
}
