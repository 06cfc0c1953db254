// Replaying captures: opening, running, reporting.

import Anomaly
import Capture
import FlowTable
import Glibc
import NetTypes
import Outputs
import Shaper

/// Reads captures to their end: flow log and summary.
public struct Replay {
    private let settings: ReplaySettings
    private let furtherObservers: [any EventObserver]

    public init(_ settings: ReplaySettings) {
        self.init(settings, observers: [])
    }

    /// - Parameter observers: further ones, called after the summary and the detector.
    init(_ settings: ReplaySettings, observers: [any EventObserver]) {
        self.settings = settings
        furtherObservers = observers
    }

    /// Runs the replay.
    ///
    /// - Throws: `UserError` for an unusable input or output; then nothing was written. Damage of a capture does not
    ///   throw: see `ReplayReport.damage`.
    public func run() throws(UserError) -> ReplayReport {
        guard FlowTable.canReserve(memory: settings.table.memory) else {
            throw UserError("--flow-memory: this machine cannot reserve that much memory; name less, such as 512MiB")
        }
        let source: any CaptureSource
        do {
            source = try CaptureOpener.open(paths: settings.paths, filter: settings.filter)
        } catch {
            throw UserError("\(error)")
        }
        let detection = try makeDetection()
        // Who names a folder wants the log there, and not among what the appliance writes.
        let open = try settings.usesOutputs && settings.output == nil ? openOutputs() : nil
        let outputs = try makeOutputs(open)
        let summary = TrafficSummary()
        let progress = ProgressReport(isWanted: settings.showsProgress)
        var observers: [any EventObserver] = settings.wantsSummary ? [summary] : []
        if let detection { observers.append(detection) }
        if let path = settings.classRules {
            let file = try ClassRulesFile(path: path)
            observers.append(
                ClassAnnotator(classifier: FlowClassifier(rules: file.rules, otherwise: file.otherwise)))
        }
        observers += furtherObservers
        let pipeline = Pipeline(
            configuration: settings.pipelineConfiguration(
                lendsBytes: source.lendsBytes, writesLog: settings.output != nil || open != nil),
            source: source, observers: observers, outputs: outputs, progress: progress)
        open?.start()
        pipeline.run()
        progress.finish()
        // A replay has time, but not for ever.
        let failures = (open?.close(within: 60) ?? []) + outputs.close()
        return ReplayReport(
            summary: summary, totals: pipeline.totals(detection),
            damage: source.damage, model: settings.savesModel ? detection?.model() : nil, outputFailures: failures,
            drifts: detection?.drifts ?? [], seconds: progress.elapsed)
    }

    private func makeDetection() throws(UserError) -> DetectionObserver? {
        guard let policy = settings.detection else { return nil }
        let detection = DetectionObserver(
            policy: policy, hasher: settings.hasher, home: settings.homeNetworks, suppressions: settings.suppressions)
        if let model = settings.model { try detection.restore(model) }
        return detection
    }

    private func openOutputs() throws(UserError) -> OpenOutputs? {
        guard !settings.outputs.isEmpty else { return nil }
        var surroundings = OpenOutputs.Surroundings(eve: settings.eveOptions, pseudonyms: settings.pseudonymKey)
        surroundings.seed = settings.seed ?? 0
        surroundings.isPatient = true
        let say: @Sendable (String) -> Void = { Terminal.write("leptonnet: \($0)\n", to: STDERR_FILENO) }
        surroundings.say = say
        let outputs = try OpenOutputs(settings.outputs, surroundings)
        let names = outputs.counters.map(\.name).joined(separator: ", ")
        say("the replay goes to the outputs of the configuration, \(names); -o names a folder to write to instead")
        return outputs
    }

    /// The files of the output folder, or what the configuration names.
    private func makeOutputs(_ open: OpenOutputs?) throws(UserError) -> PipelineOutputs {
        var files: (eve: FileSink?, supplement: FileSink?) = (nil, nil)
        if let folder = settings.output {
            do throws(OutputError) {
                try OutputDirectory.prepare(folder)
                files.eve = try FileSink(path: folder + "/eve.json")
                if settings.writesSupplement { files.supplement = try FileSink(path: folder + "/leptonnet.json") }
            } catch {
                files.eve?.discard()
                throw UserError("\(error)")
            }
        }
        return PipelineOutputs(
            options: settings.eveOptions, eveSink: files.eve ?? unclosed(open?.sink(for: .eve)),
            supplementSink: files.supplement ?? unclosed(open?.sink(for: .supplement)), messages: open?.messages ?? [],
            pseudonyms: settings.pseudonymKey)
    }

    /// Outputs are closed by whoever opened them.
    private func unclosed(_ output: (any LineSink)?) -> (any LineSink)? { output.map { UnclosedSink($0) } }
}
