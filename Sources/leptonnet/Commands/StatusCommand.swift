// `leptonnet status` and `leptonnet selftest`: asking a running appliance.

import Appliance
import ArgumentParser

/// Where a running appliance answers.
struct SocketOption: ParsableArguments {
    @Option(help: "Its socket: \(StatusQuestion.defaultPath) by default.")
    var socket = StatusQuestion.defaultPath
}

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Ask a running `leptonnet live` how it stands.")

    @OptionGroup var place: SocketOption

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        Terminal.write(try (json ? StatusQuestion.json : .text).ask(place.socket), to: 1)
    }
}

struct SelftestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "selftest",
        abstract: "Send a marked attack through a running `leptonnet live` and wait for its alert.",
        discussion: """
            The attack is a port scan between addresses reserved for documentation (198.51.100.0/24 to 203.0.113.0/24). \
            Exit status: 0 when its alert came out of every EVE output in time, 1 when not.
            """)

    @OptionGroup var place: SocketOption

    func run() throws {
        let answer = try StatusQuestion.selftest.ask(place.socket)
        Terminal.write(answer, to: 1)
        if !answer.hasPrefix("passed") { throw ExitCode(1) }
    }
}
