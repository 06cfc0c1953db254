// `leptonnet train`: models made ahead of time.

import Appliance
import ArgumentParser

struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train models ahead of time.", subcommands: [TrainPolicyCommand.self])
}

struct TrainPolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Train the scheduling policy in the simulator, from a seed.")

    @Argument(help: "Weights file to write (safetensors).")
    var weights: String

    @Option(help: "The same seed gives the same weights, bit for bit.")
    var seed: UInt64 = 1

    @Option(help: "Training steps; by default as many as the shipped policy had.")
    var steps: Int?

    @Option(help: "Where to draw the learning curve (SVG).")
    var curve: String?

    func run() throws {
        if let steps, steps < 1 { throw ValidationError("--steps takes a number above zero") }
        try PolicyTraining(seed: seed, steps: steps).run(weights: weights, curve: curve)
    }
}
