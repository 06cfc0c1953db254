// Follows the application bytes of a shard's flows and publishes what they say.

import NetTypes
import PacketProtection

/// Recognises the application protocol of flows and turns their messages into records: one for each DNS and DHCP
/// message, TLS handshake, HTTP exchange and SSH connection.
///
/// All memory is set aside at the start and bounded; nothing is allocated for a packet. A tracker belongs to one shard:
/// its methods must be called by one thread at a time, which may change between calls if the owner hands over properly.
public final class ApplicationTracker: @unchecked Sendable {
    /// A slot as `FlowDetails.applicationSlot` keeps it, and the protocol recognised so far.
    public typealias Outcome = (slot: UInt32, application: ApplicationProtocol)

    /// Set in a slot that need not be offered further packets; also set in `FlowDetails.applicationOver`.
    @usableFromInline static let settledBit = FlowDetails.applicationSettled

    /// Bytes of one segment buffer: the longest message that is put together from several segments.
    static let segmentLength = 4096
    /// Bytes of one record that waits for its other half.
    static let pendingLength = 2048
    /// Exchanges of one connection that may wait for their responses.
    static let maximumPending = 32
    /// Segments that may pass before a flow whose two directions both begin with nothing known is given up. A mail or
    /// chat session turns to TLS within them.
    static let maximumAttempts = 10
    /// The same while only one direction speaks: the other one may yet say what it is.
    static let maximumOneSidedAttempts = 64

    public let interests: ApplicationInterests
    public internal(set) var counters = ApplicationCounters()
    /// Where records go; the owner may change it between calls.
    public var events: EventBuffer
    var slots: BlockPool
    var pendings: BlockPool
    var segments: BlockPool
    /// One block: room for records that are complete at once.
    var scratch: BlockPool
    let scratchHandle: UInt32
    /// Made for the first QUIC packet.
    var opener: InitialOpener?

    /// - Parameters:
    ///   - memory: bytes for all state, split between flows (three quarters), waiting records and segment buffers. Pages
    ///     that are never needed are never touched.
    ///   - interests: what is asked for; must not be empty for anything to happen.
    ///   - events: where records go.
    public init(memory: Int, interests: ApplicationInterests, events: EventBuffer) {
        self.interests = interests
        self.events = events
        let slotLength = (MemoryLayout<ApplicationSlot>.size + 63) & ~63
        slots = BlockPool(memory: memory / 4 * 3, blockSize: slotLength)
        pendings = BlockPool(memory: memory / 8, blockSize: Self.pendingLength)
        segments = BlockPool(memory: memory / 8, blockSize: Self.segmentLength)
        var scratch = BlockPool(memory: Self.segmentLength, blockSize: Self.segmentLength)
        scratchHandle = scratch.allocate().unsafelyUnwrapped
        self.scratch = scratch
    }

    /// Whether `consume` has any use for the packets of a flow with this slot.
    @inlinable
    public static func isFollowed(_ slot: UInt32) -> Bool {
        slot & settledBit == 0
    }

    /// Flows that hold a slot now.
    public var followedFlows: Int { Int(slots.used) }

    /// Takes a packet of a flow.
    ///
    /// - Parameters:
    ///   - slot: the flow's `FlowDetails.applicationSlot`.
    ///   - application: what the flow was recognised as so far.
    ///   - packet: the packet; one without captured payload changes nothing.
    ///   - toServer: whether the packet goes from client to server.
    ///   - snapshot: makes a copy of the flow's record; called for each record that is published.
    /// - Returns: what to keep as slot and protocol of the flow.
    public func consume(
        slot: UInt32, application: ApplicationProtocol, packet: borrowing PacketSummary, toServer: Bool,
        snapshot: () -> FlowRecord
    ) -> Outcome {
        guard Self.isFollowed(slot), packet.payloadCaptured > 0 else { return (slot, application) }
        switch packet.key.transport {
        case IPProtocol.tcp:
            return consumeSegment(
                slot: slot, application: application, packet: packet, toServer: toServer, snapshot: snapshot)
        case IPProtocol.udp:
            return consumeDatagram(
                slot: slot, application: application, packet: packet, toServer: toServer, snapshot: snapshot)
        default:
            guard interests.contains(.payloadHeads) else { return (FlowDetails.applicationOver, application) }
            return (keepHead(slot: slot, packet: packet, toServer: toServer, isOver: true), application)
        }
    }

    /// Ends a flow: publishes what waits for its other half, and frees the slot.
    ///
    /// - Parameters:
    ///   - slot: the flow's `FlowDetails.applicationSlot`; must not be used afterwards.
    ///   - time: the time of the records.
    ///   - snapshot: makes a copy of the flow's record.
    ///   - heads: called after the last record with the first payload bytes of each direction, at most 64.
    public func close(
        slot: UInt32, at time: Timestamp, snapshot: () -> FlowRecord,
        heads: (_ toServer: UnsafeRawBufferPointer, _ toClient: UnsafeRawBufferPointer) -> Void = { _, _ in }
    ) {
        guard slot != 0, slot != FlowDetails.applicationOver else { return }
        let handle = slot & ~Self.settledBit
        let state = pointer(handle)
        if !state.pointee.flags.contains(.over) {
            endMessages(state, at: time, snapshot: snapshot)
        }
        withPayloadHeads(slot: slot, heads)
        release(handle)
    }

    /// Hands out the first payload bytes of each direction, at most 64; empty when the flow has no slot.
    public func withPayloadHeads<Result>(
        slot: UInt32, _ body: (_ toServer: UnsafeRawBufferPointer, _ toClient: UnsafeRawBufferPointer) -> Result
    ) -> Result {
        guard slot != 0, slot != FlowDetails.applicationOver else {
            let none = UnsafeRawBufferPointer(start: nil, count: 0)
            return body(none, none)
        }
        let state = pointer(slot & ~Self.settledBit)
        return state.pointee.withHead(toServer: true) { toServer in
            state.pointee.withHead(toServer: false) { toClient in body(toServer, toClient) }
        }
    }
}
