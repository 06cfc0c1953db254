// Capturing on interfaces until told to stop.

import Anomaly
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
        ControlLoop.claimSignals()
        let say: @Sendable (String) -> Void = { Terminal.write("leptonnet: \($0)\n", to: STDERR_FILENO) }
        let interfaces: InterfaceSource
        do {
            interfaces = try InterfaceSource(settings.capture, say: say)
        } catch {
            throw UserError("\(error)")
        }
        let folders = settings.outputs.flatMap(\.target.folders)
        try Privileges.drop(to: settings.user, making: folders)
        let outputs = try OpenOutputs(settings.outputs)
        let status = try settings.statusSocket.map { path throws(UserError) in try StatusSocket(path: path) }
        let metrics = try settings.metrics.map { address throws(UserError) in try MetricsListener(address) }
        let notConfined = settings.isConfined ? confine(folders) : []
        for line in notConfined { say(line) }

        let monitor = LiveMonitor()
        let source = LiveSource(interfaces, monitor)
        let summary = TrafficSummary()
        let progress = ProgressReport(isWanted: false)
        let (pipeline, detection) = makePipeline(source, outputs, summary, monitor, progress, say)
        let control = ControlLoop(
            settings, interfaces: interfaces, source: source, outputs: outputs, monitor: monitor, status: status,
            confinement: notConfined, reload: reload, say: say)
        outputs.start()
        let thread = Thread(name: "control") { control.run() }
        let reader = metrics.map { listener in
            if listener.address.port == 0 { say("metrics are at port \(listener.port)") }
            return Thread(name: "metrics") { MetricsReport.serve(listener, monitor, outputs) }
        }
        say(
            "capturing on \(settings.capture.interfaces.joined(separator: ", "))"
                + (settings.outputs.isEmpty
                    ? "; no output: only the summary is printed at the end (-o writes logs)" : ""))
        pipeline.run()
        let failures = outputs.close()
        control.end()
        metrics?.end()
        thread.join()
        reader?.join()
        return ReplayReport(
            summary: summary, totals: pipeline.totals(detection),
            damage: [], model: nil, outputFailures: failures, drifts: detection?.drifts ?? [],
            seconds: progress.elapsed, capture: interfaces.capture?.counters)
    }

    private func makePipeline(
        _ source: LiveSource, _ outputs: OpenOutputs, _ summary: TrafficSummary, _ monitor: LiveMonitor,
        _ progress: ProgressReport, _ say: @escaping @Sendable (String) -> Void
    ) -> (Pipeline, DetectionObserver?) {
        let analysis = settings.analysis
        var configuration = analysis.pipelineConfiguration(lendsBytes: true, writesLog: !outputs.all.isEmpty)
        if analysis.seed == nil { configuration.hasher = .secret() }
        configuration.gatherBelow = 1024
        configuration.monitor = { monitor.note($0) }
        configuration.written = { monitor.note(written: $0) }
        var options = analysis.eveOptions
        if settings.capture.interfaces.count == 1 { options.interface = settings.capture.interfaces[0] }
        var observers: [any EventObserver] = analysis.wantsSummary ? [summary] : []
        let detection = analysis.detection.map {
            DetectionObserver(policy: $0, hasher: configuration.hasher, suppressions: analysis.suppressions)
        }
        if let detection { observers.append(detection) }
        observers.append(LiveJournal(monitor, detection: detection, say: say))
        let pipeline = Pipeline(
            configuration: configuration, source: source, observers: observers,
            outputs: PipelineOutputs(
                options: options, eveSink: outputs.sink(for: .eve), supplementSink: outputs.sink(for: .supplement)),
            progress: progress)
        return (pipeline, detection)
    }

    private func confine(_ folders: [String]) -> [String] {
        var writable = folders
        if let socket = settings.statusSocket, let slash = socket.lastIndex(of: "/") {
            writable.append(String(socket[..<slash]))
        }
        // /proc for the process's own figures, /sys for libpcap, which compiles filters at a reload.
        return Privileges.confine(
            readable: ["/proc/self", "/sys", "/etc", "/usr/share/zoneinfo"] + settings.readFolders,
            writable: writable)
    }
}

extension LiveSettings {
    /// What decides how packets are analysed, as text that is equal when that is.
    var analysisFingerprint: String { String(describing: analysis) }
}

extension FlowHasher {
    /// A hasher with a secret that nobody knows.
    static func secret() -> FlowHasher {
        var generator = SystemRandomNumberGenerator()
        return FlowHasher(firstKey: generator.next(), secondKey: generator.next())
    }
}
