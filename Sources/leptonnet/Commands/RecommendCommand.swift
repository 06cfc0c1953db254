// `leptonnet recommend`: from a capture to what should be done about it.

import Appliance
import ArgumentParser

extension RecommendationRun.Form: ExpressibleByArgument {}

struct RecommendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recommend",
        abstract: "Replay captures and recommend filters, queues and routes.",
        discussion: """
            Each recommendation says what changes, why, what it would have hit, when it ends and how to undo it. None \
            names a protected host of the site file, and none is without an end. With mode auto in the site file, or \
            --mode auto, they are applied until they end or the command is interrupted, and then undone.

            Exit status: 0; 1 when --reproduce finds another decision; 2 for a mistake; 3 when the capture was damaged.
            """)

    @Argument(help: ArgumentHelp("Capture files.", valueName: "capture"))
    var files: [String]

    @Option(help: "The site file; `leptonnet config example site` prints one.")
    var site: String

    @Option(help: "observe, suggest or auto; goes before the site file's.")
    var mode: String?

    @Option(help: "What to print: \(RecommendationRun.Form.allCases.map(\.rawValue).joined(separator: ", ")).")
    var format: RecommendationRun.Form = .text

    @Option(name: [.short, .long], help: "Folder for DECISION.json and a file for each program that can apply it.")
    var output: String?

    @Option(help: "Fail unless this decision comes out again, bit for bit.")
    var reproduce: String?

    @Option(help: "Folder that remembers what is in force, for mode auto.")
    var state: String = AutomaticMode.defaultFolder

    @OptionGroup var detection: DetectionOptions

    func run() throws {
        var settings = ReplaySettings()
        settings.paths = files
        try detection.apply(to: &settings)
        let file = try SiteFile(path: site)
        let chosen = try file.mode(overriddenBy: mode)
        let report = try RecommendationRun(settings, site: file).run()
        report.print(format, isBrief: chosen.isBrief)
        if let output { try report.write(to: output) }
        if let reproduce, !report.contains(decision: reproduce) {
            Terminal.write("leptonnet: decision \(reproduce) does not follow from these inputs\n", to: 2)
            throw ExitCode(1)
        }
        if chosen.isAutomatic { try AutomaticMode(site: file, folder: state).run(report) }
        if !report.isComplete { throw ExitCode(3) }
    }
}

struct WhatIfCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whatif", abstract: "Try a recommendation on past traffic.")

    @Argument(help: "A recommendation, as `recommend --output` writes it.")
    var recommendation: String

    @Argument(help: ArgumentHelp("Capture files.", valueName: "capture"))
    var files: [String]

    @Option(help: "The site file.")
    var site: String

    @OptionGroup var detection: DetectionOptions

    func run() throws {
        var settings = ReplaySettings()
        settings.paths = files
        try detection.apply(to: &settings)
        let isComplete = try WhatIf(settings, recommendation: recommendation, site: try SiteFile(path: site)).run()
        if !isComplete { throw ExitCode(3) }
    }
}
