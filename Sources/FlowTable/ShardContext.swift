// What a shard needs from outside while it works on packets.

import NetTypes

/// Follows the payload of flows, on the shard's behalf: application parsing. One per shard; called by the shard's owner.
public protocol PayloadFollower: AnyObject {
    /// Looks at a packet with payload of a flow that is still being followed.
    ///
    /// - Parameters:
    ///   - packet: the packet; its payload is borrowed.
    ///   - toServer: whether it goes from client to server.
    ///   - slot: the flow's slot, updated here; zero before the first call.
    ///   - application: the flow's protocol as far as known, updated here.
    ///   - flow: the flow's record after this packet, to be copied when something is published.
    func follow(
        _ packet: borrowing PacketSummary, toServer: Bool, slot: inout UInt32,
        application: inout ApplicationProtocol, flow: UnsafePointer<FlowRecord>)

    /// The flow's record is published and it goes on with a fresh one: stages what the event is to carry.
    func renew(slot: UInt32, flow: UnsafePointer<FlowRecord>)

    /// The flow leaves the table: publishes what is pending, stages what the closing event is to carry (see
    /// `EventBuffer.stage`), and frees the slot.
    func finish(slot: UInt32, flow: UnsafePointer<FlowRecord>, at time: Timestamp)
}

/// Where a shard's events go and who follows its payloads, for one batch.
public struct ShardContext {
    /// Gets the shard's events; only wanted kinds are appended.
    public let events: EventBuffer
    /// nil when nobody wants anything of the application layer.
    public let follower: (any PayloadFollower)?
    /// What is left out because packets arrive too fast.
    public let overload: OverloadLevel

    public init(events: EventBuffer, follower: (any PayloadFollower)?, overload: OverloadLevel = .none) {
        self.events = events
        self.follower = follower
        self.overload = overload
    }
}
