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
            configuration.follower = { _, events in
                TrackerFollower(memory: memory, interests: interests, events: events)
            }
        }
        if !lendsBytes {
            configuration.batchStorage = max(CaptureLimits.frameLength, configuration.batchCapacity * 1024)
        }
        return configuration
    }

    /// What the chosen event types need to know of the application layer.
    private func applicationInterests(writesLog: Bool) -> ApplicationInterests {
        if detection != nil { return .all }
        guard writesLog else { return wantsSummary ? [.recognition] : [] }
        var interests: ApplicationInterests = []
        let records: [(EVEEventTypes, ApplicationInterests)] = [
            (.flow, .recognition), (.dns, .dns), (.tls, .tls), (.http, .http), (.ssh, .ssh), (.dhcp, .dhcp),
        ]
        for (type, interest) in records where events.contains(type) { interests.insert(interest) }
        if writesSupplement { interests.insert([.recognition, .payloadHeads]) }
        return interests
    }

    /// What every EVE line says.
    var eveOptions: EVEOptions {
        var options = EVEOptions()
        options.types = events
        options.host = sensor
        options.communityIDSeed = communityIDSeed
        return options
    }
}
