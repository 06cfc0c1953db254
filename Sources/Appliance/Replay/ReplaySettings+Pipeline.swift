// From settings to a pipeline, the same for captures and for interfaces.

import Capture
import Decode
import FlowTable
import NetTypes
import Outputs

extension ReplaySettings {
    /// What a pipeline is made with.
    ///
    /// - Parameters:
    ///   - lendsBytes: whether the source keeps the frames' bytes.
    ///   - writesLog: whether lines are written at all.
    func pipelineConfiguration(lendsBytes: Bool, writesLog: Bool) -> PipelineConfiguration {
        var configuration = PipelineConfiguration()
        configuration.table = table
        configuration.hasher = hasher
        configuration.workers = workers
        configuration.statisticsInterval = statisticsInterval
        let interests = applicationInterests(writesLog: writesLog)
        if !interests.isEmpty {
            let memory = applicationMemory / FlowTable.shardCount
            #if NDPI
                let nameMemory = writesLog && events.contains(.flow) ? namingMemory / FlowTable.shardCount : nil
            #endif
            configuration.follower = { _, events in
                let tracker = TrackerFollower(memory: memory, interests: interests, events: events)
                #if NDPI
                    if let nameMemory { return NamingFollower(tracker, memory: nameMemory) }
                #endif
                return tracker
            }
        }
        if !lendsBytes {
            configuration.batchStorage = max(CaptureLimits.frameLength, configuration.batchCapacity * 1024)
        }
        return configuration
    }

    /// What the chosen event types need to know of the application layer.
    private func applicationInterests(writesLog: Bool) -> ApplicationInterests {
        var interests: ApplicationInterests = detection == nil ? [] : .detection
        guard writesLog else {
            if wantsSummary { interests.insert(.recognition) }
            return interests
        }
        if events.contains(.flow) { interests.insert(.recognition) }
        for application in ApplicationProtocol.allCases
        where !events.isDisjoint(with: EVEEventTypes.type(of: application)) {
            interests.insert(.records(of: application))
        }
        if writesSupplement { interests.insert([.recognition, .payloadHeads, .rdp, .s7]) }
        return interests
    }

    /// What every EVE line says.
    var eveOptions: EVEOptions {
        var options = EVEOptions()
        options.types = events
        options.host = sensor
        options.communityIDSeed = communityIDSeed
        options.homeNetworks = homeNetworks
        return options
    }
}
