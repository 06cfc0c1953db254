// Capturing on interfaces until told to stop.

import Anomaly
import CLinux
import Capture
import FlowTable
import Glibc
import NetTypes
import Outputs

/// Captures packets on interfaces and does with them what a replay does with those of a file.
public struct Live {
    private let settings: LiveSettings
    private let reload: (@Sendable () throws(UserError) -> LiveSettings)?

    /// - Parameters:
    ///   - settings: what to do.
    ///   - reload: reads the settings anew, at SIGHUP; nil when they came from no file.
    public init(_ settings: LiveSettings, reload: (@Sendable () throws(UserError) -> LiveSettings)? = nil) {
        self.settings = settings
        self.reload = reload
    }

    /// Captures until SIGINT, SIGTERM or the end of the duration, then writes everything that is pending.
    ///
    /// Takes over the process: its signals, its privileges, what it may do at all.
    ///
    /// - Throws: `UserError` when it cannot begin.
    public func run() throws(UserError) -> ReplayReport {
        guard FlowTable.canReserve(memory: settings.analysis.table.memory) else {
            throw UserError("--flow-memory: this machine cannot reserve that much memory; name less, such as 512MiB")
        }
        lepton_return_memory()
        ControlLoop.claimSignals()
        let say: @Sendable (String) -> Void = { Terminal.write("leptonnet: \($0)\n", to: STDERR_FILENO) }
        let interfaces: InterfaceSource
        do {
            interfaces = try InterfaceSource(settings.capture, say: say)
        } catch {
            throw UserError("\(error)")
        }
        let folders = settings.outputs.flatMap(\.folders) + (settings.stateFolder.map { [$0] } ?? [])
        try Privileges.make(folders, for: settings.user)
        // Its helper has to be there before the right to change the network is given up.
        let desk = try settings.advice.map { advice throws(UserError) in
            try ActionDesk(advice, folder: settings.stateFolder, say: say)
        }
        let metrics = try settings.metrics.map { address throws(UserError) in try MetricsListener(address) }
        try Privileges.drop(to: settings.user)
        var surroundings = OpenOutputs.Surroundings(eve: eveOptions, pseudonyms: settings.analysis.pseudonymKey)
        surroundings.seed = settings.analysis.seed ?? UInt64(truncatingIfNeeded: time(nil))
        surroundings.say = say
        let outputs = try OpenOutputs(settings.outputs, surroundings)
        let status = try settings.statusSocket.map { path throws(UserError) in try StatusSocket(path: path) }
        let notConfined = settings.isConfined ? confine(folders) : []
        for line in notConfined { say(line) }

        let monitor = LiveMonitor()
        let source = LiveSource(interfaces, monitor)
        let summary = TrafficSummary()
        let progress = ProgressReport(isWanted: false)
        let analysis = try LiveAnalysis(settings, desk: desk, monitor: monitor, say: say)
        let control = ControlLoop(
            settings, interfaces: interfaces, source: source, outputs: outputs, monitor: monitor, analysis: analysis,
            status: status, confinement: notConfined, reload: reload, say: say)
        let pipeline = makePipeline(source, outputs, summary, monitor, progress, analysis, control)
        outputs.start()
        desk?.start()
        let thread = Thread(name: "control") { control.run() }
        let reader = metrics.map { listener in
            if listener.address.port == 0 { say("metrics are at port \(listener.port)") }
            return Thread(name: "metrics") { MetricsReport.serve(listener, monitor, outputs, analysis) }
        }
        say(
            "capturing on \(settings.capture.interfaces.joined(separator: ", "))"
                + (settings.outputs.isEmpty
                    ? "; no output: only the summary is printed at the end (-o writes logs)" : ""))
        pipeline.run()
        let flowsEnded = control.stoppingFor ?? 0
        let failures = end(outputs, analysis, control, pipeline, say)
        for output in outputs.counters { say(Self.words(output)) }
        control.end()
        metrics?.end()
        thread.join()
        reader?.join()
        if let milliseconds = control.stoppingFor {
            say("stopped in \(milliseconds) ms: \(flowsEnded) for flows, the rest for outputs, rules and checkpoint")
        }
        return ReplayReport(
            summary: summary, totals: pipeline.totals(analysis.detection),
            damage: [], model: nil, outputFailures: failures, drifts: analysis.detection?.drifts ?? [],
            seconds: progress.elapsed, capture: interfaces.capture?.counters)
    }

    /// Milliseconds from the asking for a stop until flows are only written, and until nothing is waited for: the stop as a
    /// whole is promised within five seconds. Outputs get a second at least.
    private static let scoring = 1000
    private static let patience = 3500
    private static let least = 1000

    /// Ends outputs, rules and state side by side, so that none takes time from another. Returns what went wrong, in words.
    private func end(
        _ outputs: OpenOutputs, _ analysis: LiveAnalysis, _ control: ControlLoop, _ pipeline: Pipeline,
        _ say: (String) -> Void
    ) -> [String] {
        let moment = WaitLock.now + max(Self.least, Self.patience - (control.stoppingFor ?? 0))
        outputs.stop(by: moment)
        analysis.desk?.stop()
        analysis.finish(at: pipeline.span?.last, by: moment)
        if pipeline.unobserved > 0 {
            say("time was up: \(pipeline.unobserved) flows that the stop cut short were not scored")
        }
        var failures = outputs.close()
        if let desk = analysis.desk, !desk.hasUndone(by: moment) {
            failures.append("rules that were applied could not all be undone in time")
        }
        if !analysis.isKept(by: moment) {
            failures.append("the disk did not take the last checkpoint in time: the one before it stays")
        }
        return failures
    }

    /// What an output came to, for the journal.
    private static func words(_ output: SinkCounters) -> String {
        let left = output.spooledBytes > 0 ? ", \(output.spooledBytes) bytes stay in its spool" : ""
        return
            "\(output.name) (\(output.format)) took \(output.written), shed \(output.shed), lost \(output.lost)\(left)"
    }

    private func makePipeline(
        _ source: LiveSource, _ outputs: OpenOutputs, _ summary: TrafficSummary, _ monitor: LiveMonitor,
        _ progress: ProgressReport, _ analysis: LiveAnalysis, _ control: ControlLoop
    ) -> Pipeline {
        let replay = settings.analysis
        var configuration = replay.pipelineConfiguration(lendsBytes: true, writesLog: !outputs.all.isEmpty)
        if replay.seed == nil { configuration.hasher = LiveSecret.drawn().hasher }
        configuration.gatherBelow = 1024
        configuration.monitor = { monitor.note($0) }
        configuration.outputCounters = { outputs.counters }
        configuration.isHurried = { (control.stoppingFor ?? 0) > Self.scoring }
        configuration.written = { monitor.note(written: $0) }
        return Pipeline(
            configuration: configuration, source: source,
            observers: (replay.wantsSummary ? [summary] : []) + analysis.observers,
            outputs: PipelineOutputs(
                options: eveOptions, eveSink: outputs.sink(for: .eve), supplementSink: outputs.sink(for: .supplement),
                messages: outputs.messages, pseudonyms: replay.pseudonymKey),
            progress: progress)
    }

    private var eveOptions: EVEOptions {
        var options = settings.analysis.eveOptions
        if settings.capture.interfaces.count == 1 { options.interface = settings.capture.interfaces[0] }
        return options
    }

    private func confine(_ folders: [String]) -> [String] {
        var writable = folders
        if let socket = settings.statusSocket, let slash = socket.lastIndex(of: "/") {
            writable.append(String(socket[..<slash]))
        }
        // /proc for the process's own figures, /sys for libpcap, which compiles filters at a reload, /etc and
        // systemd-resolved's file for names of receivers.
        return Privileges.confine(
            readable: ["/proc/self", "/sys", "/etc", "/usr/share/zoneinfo", "/run/systemd/resolve"]
                + settings.readFolders,
            writable: writable)
    }
}

extension LiveSettings {
    /// What decides how packets are analysed, as text that is equal when that is.
    var analysisFingerprint: String {
        var analysis = analysis
        analysis.outputs = []
        // Equal sets need not print alike.
        let dropped = analysis.detection?.dropped.map(\.rawValue).sorted() ?? []
        let models = analysis.detection?.models.map(\.rawValue).sorted() ?? []
        analysis.detection?.dropped = []
        analysis.detection?.models = []
        return "\(analysis) \(dropped) \(models)"
    }
}
