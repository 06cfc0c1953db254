// Replaying captures: opening, running, reporting.

import Anomaly
import Capture
import FlowTable
import NetTypes
import Outputs

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
        let outputs = try makeOutputs()
        let summary = TrafficSummary()
        let progress = ProgressReport(isWanted: settings.showsProgress)
        var observers: [any EventObserver] = settings.wantsSummary ? [summary] : []
        if let detection { observers.append(detection) }
        observers += furtherObservers
        let pipeline = Pipeline(
            configuration: settings.pipelineConfiguration(
                lendsBytes: source.lendsBytes, writesLog: settings.output != nil),
            source: source, observers: observers, outputs: outputs, progress: progress)
        pipeline.run()
        progress.finish()
        let failures = outputs.close()
        return ReplayReport(
            summary: summary, totals: pipeline.totals(detection),
            damage: source.damage, model: settings.savesModel ? detection?.model() : nil, outputFailures: failures,
            drifts: detection?.drifts ?? [], seconds: progress.elapsed)
    }

    private func makeDetection() throws(UserError) -> DetectionObserver? {
        guard let policy = settings.detection else { return nil }
        let detection = DetectionObserver(
            policy: policy, hasher: settings.hasher, suppressions: settings.suppressions)
        if let model = settings.model { try detection.restore(model) }
        return detection
    }

    private func makeOutputs() throws(UserError) -> PipelineOutputs {
        let options = settings.eveOptions
        guard let folder = settings.output else {
            return PipelineOutputs(options: options, eveSink: nil, supplementSink: nil)
        }
        do {
            try OutputDirectory.prepare(folder)
            let eve = try FileSink(path: folder + "/eve.json")
            guard settings.writesSupplement else {
                return PipelineOutputs(options: options, eveSink: eve, supplementSink: nil)
            }
            do {
                let supplement = try FileSink(path: folder + "/leptonnet.json")
                return PipelineOutputs(options: options, eveSink: eve, supplementSink: supplement)
            } catch {
                eve.discard()
                throw error
            }
        } catch {
            throw UserError("\(error)")
        }
    }
}
