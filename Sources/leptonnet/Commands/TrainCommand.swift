// `leptonnet train`: models made ahead of time.

import Appliance
import ArgumentParser

struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train models ahead of time.",
        subcommands: [TrainDetectionCommand.self, TrainPolicyCommand.self],
        defaultSubcommand: TrainDetectionCommand.self)
}

struct TrainDetectionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detection",
        abstract: "Let the detector learn from captures and save it (what `train FILE... --output DIR` does).")

    @Argument(help: ArgumentHelp("Capture files.", valueName: "file"))
    var files: [String]

    @Option(name: [.short, .long], help: "Folder of model versions; the new version is put to use.")
    var output: String

    @Flag(name: .customLong("continue"), help: "Go on from the version in use instead of starting anew.")
    var continues = false

    @Option(help: "Secret of the flow hash; a model is good for one.")
    var seed: UInt64?

    @OptionGroup var detection: DetectionOptions

    func run() throws {
        var settings = ReplaySettings()
        settings.paths = files
        if let seed { settings.seed = seed }
        try detection.apply(to: &settings)
        let result = try DetectorTraining(settings, folder: output, continues: continues).run()
        result.report.print(.none)
        Terminal.write("\(output): version \(result.version)\n", to: 1)
        if !result.report.isComplete { throw ExitCode(3) }
    }
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
