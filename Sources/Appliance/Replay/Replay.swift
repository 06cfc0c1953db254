// Replaying captures: opening, running, reporting.

import Anomaly
import Capture
import Decode
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
            configuration: pipelineConfiguration(source), source: source, observers: observers, outputs: outputs,
            progress: progress)
        pipeline.run()
        progress.finish()
        let failures = outputs.close()
        return ReplayReport(
            summary: summary,
            totals: RunTotals(
                decode: pipeline.decodeCounters, table: pipeline.tableCounters, first: pipeline.span?.first,
                last: pipeline.span?.last),
            damage: source.damage, model: settings.savesModel ? detection?.model() : nil, outputFailures: failures,
            seconds: progress.elapsed)
    }

    private func makeDetection() throws(UserError) -> DetectionObserver? {
        guard let policy = settings.detection else { return nil }
        let detection = DetectionObserver(
            policy: policy, hasher: settings.hasher, suppressions: settings.suppressions)
        if let model = settings.model { try detection.restore(model) }
        return detection
    }

    private func makeOutputs() throws(UserError) -> PipelineOutputs {
        var options = EVEOptions()
        options.types = settings.events
        options.host = settings.sensor
        options.communityIDSeed = settings.communityIDSeed
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

    private func pipelineConfiguration(_ source: any CaptureSource) -> PipelineConfiguration {
        var configuration = PipelineConfiguration()
        configuration.table = settings.table
        configuration.hasher = settings.hasher
        configuration.workers = settings.workers
        configuration.statisticsInterval = settings.statisticsInterval
        let interests = applicationInterests
        if !interests.isEmpty {
            let memory = settings.applicationMemory / FlowTable.shardCount
            configuration.follower = { _, events in
                TrackerFollower(memory: memory, interests: interests, events: events)
            }
        }
        if !source.lendsBytes {
            configuration.batchStorage = max(CaptureLimits.frameLength, configuration.batchCapacity * 1024)
        }
        return configuration
    }

    /// What the chosen event types need to know of the application layer.
    private var applicationInterests: ApplicationInterests {
        var interests: ApplicationInterests = settings.detection == nil ? [] : .detection
        guard settings.output != nil else {
            if settings.wantsSummary { interests.insert(.recognition) }
            return interests
        }
        if settings.events.contains(.flow) { interests.insert(.recognition) }
        for application in ApplicationProtocol.allCases
        where !settings.events.isDisjoint(with: EVEEventTypes.type(of: application)) {
            interests.insert(.records(of: application))
        }
        if settings.writesSupplement { interests.insert([.recognition, .payloadHeads, .rdp, .s7]) }
        return interests
    }
}
