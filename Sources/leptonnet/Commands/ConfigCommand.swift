// `leptonnet config`: the files that say what to do.

import Appliance
import ArgumentParser

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Work with configuration files.", subcommands: [Check.self, Example.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a configuration file: names file, line and mend for a mistake.")

        @Argument(help: "The file.")
        var file = "/etc/leptonnet/leptonnet.yaml"

        func run() throws {
            var settings = LiveSettings()
            try settings.apply(file: file)
            Terminal.write("\(file): no mistake\n", to: 1)
        }
    }

    struct Example: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a commented example.", subcommands: [Appliance.self], defaultSubcommand: Appliance.self)

        struct Appliance: ParsableCommand {
            static let configuration = CommandConfiguration(
                commandName: "appliance", abstract: "The settings of `leptonnet live` and `leptonnet replay`.")

            func run() {
                Terminal.write(ConfigurationExample.text, to: 1)
            }
        }
    }
}
