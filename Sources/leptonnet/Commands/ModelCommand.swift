// `leptonnet model`: versions of what was learned.

import Appliance
import ArgumentParser

struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "List, show and roll back model versions.",
        subcommands: [List.self, Show.self, RollBack.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the versions; * marks the one in use.")

        @Argument(help: "Folder of model versions.")
        var folder: String

        func run() throws {
            Terminal.write(try ModelStore(folder: folder).list(), to: 1)
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what a version was made from, and check its checksum.")

        @Argument(help: "Folder of model versions.")
        var folder: String

        @Option(help: "The version; the one in use by default.")
        var version: Int?

        func run() throws {
            Terminal.write(try ModelStore(folder: folder).show(version), to: 1)
        }
    }

    struct RollBack: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rollback", abstract: "Put an earlier version to use.")

        @Argument(help: "Folder of model versions.")
        var folder: String

        @Option(help: "The version; the one before the present one by default.")
        var to: Int?

        func run() throws {
            Terminal.write("\(folder): version \(try ModelStore(folder: folder).rollBack(to: to)) is in use\n", to: 1)
        }
    }
}
