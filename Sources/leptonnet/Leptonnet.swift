// The command line.

import Appliance
import ArgumentParser
import Glibc

/// `leptonnet`: one command for each thing the appliance can be asked to do. No logic here: see `Appliance`.
struct Leptonnet: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "leptonnet",
        abstract: "Network traffic analysis and anomaly detection.",
        version: "0.1.0",
        subcommands: [
            LiveCommand.self, StatusCommand.self, SelftestCommand.self,
            ReplayCommand.self, ExplainCommand.self, ExtractCommand.self, SuppressCommand.self, ModelCommand.self,
            EvaluateCommand.self, ClassifyCommand.self, RulesCommand.self, TrainCommand.self, PolicyCommand.self,
            ConfigCommand.self, ConformCommand.self, RecommendCommand.self, WhatIfCommand.self, RenderCommand.self,
            VerifyCommand.self, EnforceCommand.self,
            EnforcementHelperCommand.self, SimulateCommand.self, TestbedCommand.self,
        ])
}

/// Where the program starts: mistakes of the user are one line on standard error and status 2.
@main
enum Program {
    static func main() {
        do {
            var command = try Leptonnet.parseAsRoot()
            try command.run()
        } catch let error as UserError {
            fail("\(error)")
        } catch let status as ExitCode {
            exit(status.rawValue)
        } catch {
            // Help and version are errors to the parser too; they belong on standard output and are no failure.
            guard Leptonnet.exitCode(for: error) != .success else { Leptonnet.exit(withError: error) }
            let lines = Leptonnet.message(for: error).split(separator: "\n")
            // What may be given instead is listed below.
            let choices = lines.dropFirst().filter { $0.hasPrefix("  - ") }.map { $0.dropFirst(4) }
            var message = lines.first ?? "cannot be understood"
            if !choices.isEmpty { message += " " + choices.joined(separator: ", ") }
            // Our own words name their mend; the parser's do not.
            if message.contains(";") { fail("\(message)") }
            fail("\(message.hasSuffix(".") ? message.dropLast() : message); \(help)")
        }
    }

    /// Where to read on about the command that was given.
    private static var help: String {
        let given = CommandLine.arguments.dropFirst().first
        let commands = Leptonnet.configuration.subcommands.compactMap { $0.configuration.commandName }
        let command = commands.first { $0 == given }
        return "`leptonnet \(command.map { $0 + " " } ?? "")--help` says what there is"
    }

    private static func fail(_ message: String) -> Never {
        Terminal.write("leptonnet: \(message)\n", to: STDERR_FILENO)
        exit(2)
    }
}
