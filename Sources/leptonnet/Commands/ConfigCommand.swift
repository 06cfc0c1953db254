// `leptonnet config`: configuration files to start from, and their mistakes.

import Appliance
import ArgumentParser

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Print example configuration, check files.",
        subcommands: [Example.self, Check.self])

    /// The files there are.
    enum Kind: String, CaseIterable, ExpressibleByArgument {
        case site
    }

    struct Example: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print a commented file.")

        @Argument(help: "Which file: site.")
        var kind: Kind

        func run() {
            switch kind {
            case .site: Terminal.write(SiteFile.example, to: 1)
            }
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a site file: names line and mend for a mistake.")

        @Argument(help: "The site file.")
        var file: String

        func run() throws {
            Terminal.write(try SiteFile(path: file).summary + "\n", to: 1)
        }
    }
}
