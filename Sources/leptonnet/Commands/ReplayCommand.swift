// `leptonnet replay`: from capture files to a flow log and a summary.

import Appliance
import ArgumentParser

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Read capture files, write an EVE log, print a summary.",
        discussion: """
            Reads pcap and pcapng, plain or compressed by gzip or zstd; "-" is standard input. Several files are merged \
            by time. Writes eve.json (Suricata's EVE format) and leptonnet.json (what EVE has no room for) into the \
            output folder.

            Exit status: 0 when everything was read, 2 for a mistake in the command or an unusable input, 3 when the \
            capture was damaged: what came before the damage was processed.
            """)

    @Argument(help: ArgumentHelp("Capture files, or - for standard input.", valueName: "file"))
    var files: [String]

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "Folder for eve.json and leptonnet.json, instead of the outputs of --config; without either nothing is written.",
            valueName: "output"))
    var output: String?

    @Option(help: "BPF expression, as for tcpdump: only matching packets are read.")
    var filter: String?

    @Option(help: "Event types to write, separated by commas: \(EventSelection.names). All by default.")
    var events: EventTypeList?

    @Option(help: "Threads that work; the log is the same for any number.")
    var workers: Int?

    @Option(help: "Memory for flows: 512MiB by default.")
    var flowMemory: ByteCount?

    @Option(help: "Secret of the flow hash; a replay uses a stated one, so that runs agree.")
    var seed: UInt64?

    @Option(help: "YAML file with these settings and more; options of the command go before it.")
    var config: String?

    @Option(help: "What to print at the end: text, json or none.")
    var summary: SummaryForm = .text

    @Option(
        help: ArgumentHelp(
            "Class rules, such as rules/classes.yaml: each flow's traffic class is written to its record.",
            valueName: "rules"))
    var classes: String?

    @OptionGroup var detection: DetectionOptions

    @Flag(help: "Draw no progress bar.")
    var quiet = false

    func run() throws {
        let report = try Replay(settings()).run()
        let isPrinted = report.print(summary)
        if !isPrinted || !report.isComplete { throw ExitCode(3) }
    }

    private func settings() throws -> ReplaySettings {
        var settings = ReplaySettings()
        if let config { try settings.apply(file: config) }
        settings.usesOutputs = true
        settings.paths = files
        settings.output = output
        settings.filter = filter
        if let events { settings.select(events.selection) }
        if let workers {
            guard (1...64).contains(workers) else { throw ValidationError("--workers takes a number from 1 to 64") }
            settings.workers = workers
        }
        if let flowMemory { settings.flowMemory = flowMemory.bytes }
        if let seed { settings.seed = seed }
        settings.classRules = classes
        settings.wantsSummary = summary != .none
        if quiet { settings.showsProgress = false }
        try detection.apply(to: &settings)
        return settings
    }
}
