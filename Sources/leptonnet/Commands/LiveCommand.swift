// `leptonnet live`: from interfaces to a flow log, until told to stop.

import Appliance
import ArgumentParser

struct LiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "live",
        abstract: "Capture on interfaces, write an EVE log, raise alerts.",
        discussion: """
            Captures until SIGINT or SIGTERM, then writes what is pending and prints a summary. SIGHUP reads the \
            configuration file again, SIGUSR1 turns to new log files. Needs the capability CAP_NET_RAW, which it keeps; \
            everything else it gives up once the interfaces are open.

            Exit status: 0 after an orderly stop, 2 for a mistake in the command or something that cannot be opened, 3 \
            when lines could not be written.
            """)

    @Option(name: [.customShort("i"), .customLong("interface")], help: "Interface to capture on; several are allowed.")
    var interfaces: [String] = []

    @Option(
        name: [.short, .long], help: "Folder for eve.json and leptonnet.json; lines are added to files that exist.")
    var output: String?

    @Option(help: "BPF expression, as for tcpdump: only matching packets are captured.")
    var filter: String?

    @Option(help: "YAML file with these settings and more; options of the command go before it.")
    var config: String?

    @Option(help: "Bytes of each packet that are kept: all by default.")
    var snapLength: Int?

    @Option(help: "Memory for packets that wait, for each interface: 64MiB by default.")
    var ring: ByteCount?

    @Flag(help: "Leave out packets for other stations.")
    var noPromiscuous = false

    @Option(help: "Event types to write, separated by commas: \(EventSelection.names). All by default.")
    var events: EventTypeList?

    @Option(help: "Threads that work; the log is the same for any number.")
    var workers: Int?

    @Option(help: "Memory for flows: 512MiB by default.")
    var flowMemory: ByteCount?

    @Option(help: "Secret of the flow hash; drawn anew for each run unless stated.")
    var seed: UInt64?

    @Option(help: "User to become once the interfaces are open; whoever called sudo by default.")
    var user: String?

    @Option(help: "Path of the socket that `leptonnet status` asks.")
    var statusSocket: String?

    @Option(help: "Folder that outlives a run: checkpoints of what was learned, rules in force, recommendations.")
    var state: String?

    @Option(help: "Time between two checkpoints: 5m by default.")
    var checkpoint: String?

    @Option(help: "Site file: findings are answered by recommendations (`config example site`).")
    var site: String?

    @Option(help: "What becomes of recommendations: observe, suggest or auto; the site file says it otherwise.")
    var mode: String?

    @Option(help: "Address at which Prometheus finds /metrics, such as 127.0.0.1:9477; none by default.")
    var metrics: String?

    @Option(help: "Stop by itself after this time, such as 90s or 1h.")
    var duration: String?

    @Flag(help: "Do not confine files (Landlock) and system calls (seccomp).")
    var noConfine = false

    @Option(help: "What to print at the end: text, json or none.")
    var summary: SummaryForm = .text

    @OptionGroup var detection: DetectionOptions

    func run() throws {
        let settings = try settings()
        let reload: (@Sendable () throws(UserError) -> LiveSettings)? =
            config == nil
            ? nil
            : { @Sendable [self] () throws(UserError) -> LiveSettings in
                do { return try self.settings() } catch { throw UserError("\(error)") }
            }
        let report = try Live(settings, reload: reload).run()
        report.print(summary)
        if !report.isComplete { throw ExitCode(3) }
    }

    private func settings() throws -> LiveSettings {
        var settings = LiveSettings()
        if let config { try settings.apply(file: config) }
        try settings.setCapture(
            interfaces: interfaces, filter: filter, snapLength: snapLength, ring: ring?.bytes,
            isPromiscuous: noPromiscuous ? false : nil)
        if let events { settings.analysis.select(events.selection) }
        if let workers {
            guard (1...64).contains(workers) else { throw ValidationError("--workers takes a number from 1 to 64") }
            settings.analysis.workers = workers
        }
        if let flowMemory { settings.analysis.flowMemory = flowMemory.bytes }
        if let seed { settings.analysis.seed = seed }
        if let user { settings.user = user }
        if let statusSocket { settings.statusSocket = statusSocket }
        if let metrics {
            guard let address = ListenAddress(metrics) else {
                throw ValidationError("--metrics takes an address and a port, such as 127.0.0.1:9477 or [::1]:9477")
            }
            settings.metrics = address
        }
        if let duration {
            guard let seconds = LiveSettings.seconds(duration) else {
                throw ValidationError("--duration takes a duration, such as 90s, 20m or 1h")
            }
            settings.duration = seconds
        }
        if let state { settings.stateFolder = state }
        if let checkpoint, !settings.setCheckpointInterval(checkpoint) {
            throw ValidationError("--checkpoint takes a duration, such as 30s or 5m")
        }
        if let site {
            try settings.recommend(site: site, mode: mode)
        } else if mode != nil {
            throw ValidationError("--mode needs --site")
        }
        if noConfine { settings.isConfined = false }
        settings.analysis.wantsSummary = summary != .none
        try detection.apply(to: &settings.analysis)
        if let output { settings.write(into: output) }
        return settings
    }
}
