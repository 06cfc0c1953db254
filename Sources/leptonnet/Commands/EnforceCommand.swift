// `leptonnet verify` and `enforce`: recommendations in the kernel, first in one of its own, then in the real one.

import Appliance
import ArgumentParser

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Prove a recommendation in a throw-away network namespace.",
        discussion: """
            Applies it where it can hurt nobody, sends the traffic that the recommendation carries with it, compares \
            the kernel's counters with the prediction (within 5 %), undoes it, and checks that everything is as before.

            Exit status: 0 when all of that holds, 1 when not, 2 when it cannot be tried.
            """)

    @Argument(help: "A recommendation, as `recommend --output` writes it.")
    var recommendation: String

    @Option(help: "The site file.")
    var site: String

    func run() throws {
        if try !Verification(recommendation: recommendation, site: try SiteFile(path: site)).run() {
            throw ExitCode(1)
        }
    }
}

struct EnforceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enforce",
        abstract: "Apply recommendations until they end or this is interrupted, then undo them.",
        discussion: """
            A helper process that has no right but CAP_NET_ADMIN checks each recommendation again and applies it by nft, \
            tc or ip. What an earlier run left behind, killed or not, is undone first.
            """)

    @Argument(help: "Recommendations, as `recommend --output` writes them; none only undoes what was left behind.")
    var recommendations: [String] = []

    @Option(help: "The site file.")
    var site: String

    @Option(help: "Folder that remembers what is in force.")
    var state: String = AutomaticMode.defaultFolder

    func run() throws {
        try AutomaticMode(site: try SiteFile(path: site), folder: state).run(files: recommendations)
    }
}

/// What `enforce` starts as its helper; not for people.
struct EnforcementHelperCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "enforcement-helper", shouldDisplay: false)

    @Option var site: String
    @Option var state: String

    func run() throws {
        try EnforcementHelper(site: try SiteFile(path: site), folder: state).run()
    }
}
