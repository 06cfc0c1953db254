// Joins the flow table, the application tracker and libndpi, none of which knows the others.

#if NDPI
    import FlowTable
    import Naming
    import NetTypes

    /// Lets another follower and a namer follow a shard's flows. Used by the shard's owner only.
    ///
    /// A flow has one slot in the table. The slots handed out here hold what both followers keep of it; when there are none
    /// left, or the namer has no memory, the flow goes without a name, and the slot is the other follower's.
    final class NamingFollower: ShardFollower {
        /// What is kept of a flow.
        private struct Entry {
            /// The slot that the other follower gave it.
            var slot: UInt32 = 0
            var packets: UInt32 = 0
            /// nil once the namer needs no more packets.
            var flow: FlowNamer.Flow?
            var name: FlowName?
            /// The next free entry, plus one.
            var next: UInt32 = 0
        }

        /// Marks the slots of this follower.
        private static let ownBit: UInt32 = 1 << 30
        private static let settledBit = FlowDetails.applicationSettled

        private let other: any ShardFollower
        private let namer: FlowNamer
        private let entries: UnsafeMutableBufferPointer<Entry>
        private var touched = 0
        private var firstFree: UInt32 = 0
        /// Flows that got no name because there was no room for it.
        private(set) var unnamed: UInt64 = 0

        /// - Parameters:
        ///   - other: what follows the flows besides.
        ///   - memory: bytes for entries, and as many again for what libndpi keeps of flows.
        init(_ other: any ShardFollower, memory: Int) {
            self.other = other
            namer = FlowNamer(memory: memory)
            entries = .allocate(capacity: min(memory / MemoryLayout<Entry>.stride, Int(Self.ownBit) - 1))
        }

        deinit {
            entries.deallocate()
        }

        var events: EventBuffer {
            get { other.events }
            set { other.events = newValue }
        }

        var isShedding: Bool {
            get { other.isShedding }
            set { other.isShedding = newValue }
        }

        var shed: UInt64 { other.shed }
        var unfollowed: UInt64 { other.unfollowed }

        func follow(
            _ packet: borrowing PacketSummary, toServer: Bool, slot: inout UInt32,
            application: inout ApplicationProtocol, flow: UnsafePointer<FlowRecord>
        ) {
            if slot == 0, !isShedding, FlowNamer.names(packet.key.transport) { slot = open() }
            guard slot & Self.ownBit != 0 else {
                other.follow(packet, toServer: toServer, slot: &slot, application: &application, flow: flow)
                return
            }
            let index = Int(slot & ~(Self.ownBit | Self.settledBit)) - 1
            if entries[index].slot & Self.settledBit == 0 {
                other.follow(
                    packet, toServer: toServer, slot: &entries[index].slot, application: &application, flow: flow)
            }
            if !isShedding, let named = entries[index].flow { show(packet, to: named, index) }
            if entries[index].slot & Self.settledBit != 0, entries[index].flow == nil { slot |= Self.settledBit }
        }

        func renew(slot: UInt32, flow: UnsafePointer<FlowRecord>) {
            guard slot & Self.ownBit != 0 else { return other.renew(slot: slot, flow: flow) }
            let entry = entries[Int(slot & ~(Self.ownBit | Self.settledBit)) - 1]
            if entry.slot != 0, entry.slot != FlowDetails.applicationOver { other.renew(slot: entry.slot, flow: flow) }
            stage(entry.name ?? entry.flow.map { namer.name(of: $0) })
        }

        func finish(slot: UInt32, flow: UnsafePointer<FlowRecord>, at time: Timestamp) {
            guard slot & Self.ownBit != 0 else { return other.finish(slot: slot, flow: flow, at: time) }
            let index = Int(slot & ~(Self.ownBit | Self.settledBit)) - 1
            let entry = entries[index]
            if entry.slot != 0, entry.slot != FlowDetails.applicationOver {
                other.finish(slot: entry.slot, flow: flow, at: time)
            }
            stage(entry.name ?? entry.flow.map { namer.conclude($0) })
            entries[index].next = firstFree
            firstFree = UInt32(index + 1)
        }

        private func stage(_ name: FlowName?) {
            guard let name, events.wants(.closed) else { return }
            namer.stage(name, in: events)
        }

        private func show(_ packet: borrowing PacketSummary, to flow: FlowNamer.Flow, _ index: Int) {
            entries[index].packets += 1
            let isEnough = FlowNamer.isEnough(Int(entries[index].packets), of: packet.key.transport)
            guard !namer.show(packet, to: flow) || isEnough else { return }
            entries[index].name = namer.conclude(flow)
            entries[index].flow = nil
        }

        /// A slot for a flow; zero, and counted, when there is no room.
        private func open() -> UInt32 {
            let index: Int
            if firstFree != 0 {
                index = Int(firstFree) - 1
            } else if touched < entries.count {
                index = touched
            } else {
                unnamed &+= 1
                return 0
            }
            guard let flow = namer.open() else {
                unnamed &+= 1
                return 0
            }
            if index == touched {
                touched += 1
            } else {
                firstFree = entries[index].next
            }
            entries.initializeElement(at: index, to: Entry(flow: flow))
            return UInt32(index + 1) | Self.ownBit
        }
    }
#endif
