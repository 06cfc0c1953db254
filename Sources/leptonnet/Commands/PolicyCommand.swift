// `leptonnet policy`: what a scheduling policy does.

import Appliance
import ArgumentParser

struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Say what scheduling policies do.", subcommands: [Show.self])

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a policy's choices by situation.",
            discussion: """
                With a weights file, what the network chooses on validation runs in the simulator. Without, the table of \
                tabular Q-learning, trained here from --seed: the same seed gives the same table.
                """)

        @Argument(help: "Weights file of `leptonnet train policy`.")
        var weights: String?

        @Option(help: "Seed of the table.")
        var seed: UInt64 = 1

        func run() throws {
            let description = PolicyDescription()
            Terminal.write(try weights.map(description.network) ?? description.table(seed: seed), to: 1)
        }
    }
}
