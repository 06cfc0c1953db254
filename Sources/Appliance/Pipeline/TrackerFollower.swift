// Joins the flow table and the application tracker, which do not know each other.

import Decode
import FlowTable
import NetTypes

/// Follows the payloads of a shard's flows with an application tracker. Used by the shard's owner only.
final class TrackerFollower: ShardFollower {
    private let tracker: ApplicationTracker
    private let publishesHeads: Bool
    var isShedding = false
    private(set) var shed: UInt64 = 0
    var unfollowed: UInt64 { tracker.counters.shed }
    let unnamed: UInt64 = 0

    /// - Parameters:
    ///   - memory: bytes for the tracker's pools.
    ///   - interests: what is parsed.
    ///   - events: where records go at first.
    init(memory: Int, interests: ApplicationInterests, events: EventBuffer) {
        tracker = ApplicationTracker(memory: memory, interests: interests, events: events)
        publishesHeads = interests.contains(.payloadHeads)
    }

    var events: EventBuffer {
        get { tracker.events }
        set { tracker.events = newValue }
    }

    func follow(
        _ packet: borrowing PacketSummary, toServer: Bool, slot: inout UInt32,
        application: inout ApplicationProtocol, flow: UnsafePointer<FlowRecord>
    ) {
        guard !isShedding else {
            shed &+= 1
            return
        }
        (slot, application) = tracker.consume(
            slot: slot, application: application, packet: packet, toServer: toServer, snapshot: { flow.pointee })
    }

    func renew(slot: UInt32, flow: UnsafePointer<FlowRecord>) {
        let events = tracker.events
        guard publishesHeads, events.wants(.closed) else { return }
        tracker.withPayloadHeads(slot: slot) { Self.stage($0, $1, events) }
    }

    func finish(slot: UInt32, flow: UnsafePointer<FlowRecord>, at time: Timestamp) {
        let events = tracker.events
        let stages = publishesHeads && events.wants(.closed)
        tracker.close(slot: slot, at: time, snapshot: { flow.pointee }) { toServer, toClient in
            if stages { Self.stage(toServer, toClient, events) }
        }
    }

    private static func stage(
        _ toServer: UnsafeRawBufferPointer, _ toClient: UnsafeRawBufferPointer, _ events: EventBuffer
    ) {
        if !toServer.isEmpty { events.stage(.payloadToServer, toServer) }
        if !toClient.isEmpty { events.stage(.payloadToClient, toClient) }
    }
}
