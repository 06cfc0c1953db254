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

    @Option(help: "Count from this moment on, in seconds since the epoch; from the first labelled flow by default.")
    var since: Double?

    @Option(name: [.short, .long], help: "Folder for roc.svg and precision-recall.svg.")
    var output: String?

    @OptionGroup var detection: DetectionOptions

    func run() throws {
        var settings = ReplaySettings()
        settings.paths = files
        settings.output = output
        settings.showsProgress = false
        try detection.apply(to: &settings)
        Terminal.write(try Evaluation(settings, labels: labels, since: since).run(), to: 1)
    }
}
