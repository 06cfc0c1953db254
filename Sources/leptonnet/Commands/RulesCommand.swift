// `leptonnet rules`: the policy files of detection.

import Appliance
import ArgumentParser

struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "Work with the rules of detection.", subcommands: [Check.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check rule files: names file, line and mend for a mistake.")

        @Argument(help: "Folder of rule files.")
        var folder = "rules"

        func run() throws {
            let rules = try RulesFolder(path: folder)
            Terminal.write("\(folder): \(rules.files.count) files, no mistake\n", to: 1)
        }
    }
}
