// `leptonnet evaluate`: detection measured against labels.

import Appliance
import ArgumentParser

struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Replay a labelled capture and say how well attacks were told from the rest.",
        discussion: """
            The labels file is CSV with the columns start_ts, end_ts, src_ip, src_port, dst_ip, dst_port, proto, \
            attack_id and label; "*" stands for any port. Labels are used to measure only.
            """)

    @Argument(help: ArgumentHelp("Capture files.", valueName: "capture"))
    var files: [String]

    @Option(help: "CSV file that says which flows belong to which attack.")
    var labels: String

    @Option(help: "Count from this moment on, in seconds since the epoch; from the first labelled row by default.")
    var since: Double?

    @Option(help: "End of the counted time, for figures an hour; the last flow's end by default.")
    var until: Double?

    @Option(help: "Count incidents between this moment and --since apart; all before --since by default.")
    var learned: Double?

    @Option(help: "Addresses everyone talks to, separated by commas: an alert that names nothing else matches nothing.")
    var ignore: String?

    @Option(name: [.short, .long], help: "Folder for roc.svg, precision-recall.svg and report.json.")
    var output: String?

    @OptionGroup var detection: DetectionOptions

    func run() throws {
        var settings = ReplaySettings()
        settings.paths = files
        settings.output = output
        settings.showsProgress = false
        try detection.apply(to: &settings)
        var scope = EvaluationScope()
        scope.since = since
        scope.until = until
        scope.learned = learned
        if let ignore, let wrong = scope.ignore(ignore) {
            throw ValidationError("--ignore takes addresses separated by commas; '\(wrong)' is none")
        }
        Terminal.write(try Evaluation(settings, labels: labels, scope: scope).run(), to: 1)
    }
}
