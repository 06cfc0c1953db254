// `leptonnet config`: configuration files to start from, and their mistakes.

import Appliance
import ArgumentParser

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Print example configuration, check files.",
        subcommands: [Example.self, Check.self])

    /// The files there are.
    enum Kind: String, CaseIterable, ExpressibleByArgument {
        case appliance
        case site
    }

    struct Example: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print a commented file.")

        @Argument(help: "Which file: appliance (live and replay) or site.")
        var kind = Kind.appliance

        func run() {
            switch kind {
            case .appliance: Terminal.write(ConfigurationExample.text, to: 1)
            case .site: Terminal.write(SiteFile.example, to: 1)
            }
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a file of the appliance or of the site: names line and mend for a mistake.")

        @Argument(help: "The file; which kind it is, its keys tell.")
        var file = "/etc/leptonnet/leptonnet.yaml"

        func run() throws {
            if try LiveSettings.isMeant(by: file) {
                var settings = LiveSettings()
                try settings.apply(file: file)
                Terminal.write("\(file): no mistake\n", to: 1)
            } else {
                Terminal.write(try SiteFile(path: file).summary + "\n", to: 1)
            }
        }
    }
}
