// Flows come and go: opening, renewing at the active timeout, closing, publishing changes.

import NetTypes

extension FlowShard {
    /// Opens a flow with its first packet.
    @inline(never)
    func open(_ packet: UnsafePointer<PacketSummary>, _ context: borrowing ShardContext) {
        guard context.overload < .newFlows else {
            counters.overloadUnopened &+= 1
            return
        }
        let time = packet.pointee.time
        let hash = packet.pointee.hash
        if !table.hasRoom(hash) { evictCandidate(hash, at: time, context) }
        let record = takeRecord(at: time, context)
        let flow = handle(record)
        let fresh = firstRecord(of: packet)
        if fresh.key.tunnelDepth > 0 { noteTunnel(packet, record, context) }
        let toServer = packet.pointee.sourceIsFirst == fresh.identity.status.contains(.clientIsFirst)
        flow.beginUpdate()
        flow.overwrite(fresh)
        if context.events.wants(.changed) { published[record] = FlowDelta.none }
        _ = count(packet, flow, toServer: toServer)
        link(record, currentClass(flow), lastSeen: time.seconds)
        flow.endUpdate()
        table.insert(hash, record)
        counters.opened &+= 1
        counters.active += 1
        countProtocol(fresh)
        if context.events.wants(.opened) { context.events.append(.opened, flow.record.pointee, at: time) }
        follow(packet, record, flow, toServer: toServer, context)
    }

    /// Keeps the tunnel that a flow opens in, and hands it to the events that follow.
    @inline(never)
    private func noteTunnel(
        _ packet: UnsafePointer<PacketSummary>, _ record: Int, _ context: borrowing ShardContext
    ) {
        context.events.tunnel = packet.pointee.tunnel
        guard let tunnel = context.events.tunnel else { return }
        if !tunnels.note(tunnel, of: record, recordCount: capacity, hasher: hasher) { counters.tunnelsShed &+= 1 }
    }

    private func countProtocol(_ flow: FlowRecord) {
        switch flow.key.transport {
        case IPProtocol.tcp:
            counters.tcp &+= 1
            if flow.identity.status.contains(.midstream) { counters.midstream &+= 1 }
        case IPProtocol.udp: counters.udp &+= 1
        case IPProtocol.icmp: counters.icmpv4 &+= 1
        case IPProtocol.icmpv6: counters.icmpv6 &+= 1
        default: break
        }
    }

    /// A record for a flow that this packet opens, before the packet is counted.
    private func firstRecord(of packet: UnsafePointer<PacketSummary>) -> FlowRecord {
        var flow = FlowRecord()
        flow.identity.key = packet.pointee.key
        flow.identity.startSecond = UInt32(truncatingIfNeeded: packet.pointee.time.seconds)
        var sourceIsClient = true
        if packet.pointee.key.transport == IPProtocol.tcp {
            if packet.pointee.tcpFlags.contains(.syn) {
                sourceIsClient = !packet.pointee.tcpFlags.contains(.ack)
                flow.identity.tcpState = sourceIsClient ? .synSent : .synReceived
                if !sourceIsClient { flow.identity.status.insert(.midstream) }
            } else {
                // Picked up in the middle: the side on a well-known port is the server.
                sourceIsClient = !(packet.pointee.source.port < 1024 && packet.pointee.destination.port >= 1024)
                flow.identity.status.insert(.midstream)
                flow.identity.tcpState = packet.pointee.tcpFlags.contains(.rst) ? .reset : .established
            }
        }
        if packet.pointee.sourceIsFirst == sourceIsClient { flow.identity.status.insert(.clientIsFirst) }
        flow.details.flowID =
            hasher.hash(packet.pointee.hash, UInt64(bitPattern: packet.pointee.time.nanoseconds)) & 0x7_ffff_ffff_ffff
        let clientMAC = sourceIsClient ? packet.pointee.sourceMAC : packet.pointee.destinationMAC
        let serverMAC = sourceIsClient ? packet.pointee.destinationMAC : packet.pointee.sourceMAC
        flow.details.clientMACHigh = UInt16(truncatingIfNeeded: clientMAC.bits >> 32)
        flow.details.clientMACLow = UInt32(truncatingIfNeeded: clientMAC.bits)
        flow.details.serverMACHigh = UInt16(truncatingIfNeeded: serverMAC.bits >> 32)
        flow.details.serverMACLow = UInt32(truncatingIfNeeded: serverMAC.bits)
        if sourceIsClient {
            flow.details.clientWindow = packet.pointee.window
            flow.details.clientSegmentSize = packet.pointee.maximumSegmentSize
            flow.details.clientTrafficClass = packet.pointee.trafficClass
        }
        flow.details.icmpType = packet.pointee.icmpType
        flow.details.icmpCode = packet.pointee.icmpCode
        return flow
    }

    /// A free record; evicts a flow when there is none.
    private func takeRecord(at time: Timestamp, _ context: borrowing ShardContext) -> Int {
        if firstFree == 0, highWater == capacity { evict(at: time, context) }
        if firstFree != 0 {
            let record = Int(firstFree) - 1
            firstFree = handle(record).identity.pointee.next
            return record
        }
        return raiseHighWater()
    }

    /// Ends the least recently seen flow among those that may lie where this hash may lie.
    private func evictCandidate(_ hash: UInt64, at time: Timestamp, _ context: borrowing ShardContext) {
        var oldest: (record: Int, lastSeen: Int64)?
        table.forEachCandidate(hash) { record in
            let lastSeen = handle(record).lastSeen
            if oldest == nil || lastSeen < oldest!.lastSeen { oldest = (record, lastSeen) }
        }
        if let oldest { close(oldest.record, .evictedCollision, at: time, context) }
    }

    /// Publishes a flow at the active timeout and lets it go on with fresh counters.
    @inline(never)
    func renew(_ record: Int, _ packetSecond: UInt32, at time: Timestamp, _ context: borrowing ShardContext) {
        let flow = handle(record)
        publishChange(record, at: time, context)
        counters[.activeTimeout] &+= 1
        if flow.identity.pointee.key.tunnelDepth > 0 { context.events.tunnel = tunnels.tunnel(of: record) }
        if context.events.wants(.closed) {
            let slot = flow.details.pointee.applicationSlot
            if slot != 0, slot != FlowDetails.applicationOver { context.follower?.renew(slot: slot, flow: flow.record) }
            context.events.append(
                .closed, flow.record.pointee, at: time, detail: FlowEndReason.activeTimeout.rawValue)
        }
        var next = flow.record.pointee
        next.identity.status.insert(.continued)
        next.identity.startSecond = packetSecond
        next.identity.firstPacketCount = 0
        next.toServer = next.toServer.renewed
        next.toClient = next.toClient.renewed
        next.firstPackets = FirstPackets()
        next.details.firstDirections = 0
        flow.beginUpdate()
        flow.overwrite(next)
        flow.endUpdate()
        if context.events.wants(.changed) { published[record] = FlowDelta.none }
    }

    /// Publishes a flow's end and frees its record.
    @inline(never)
    func close(_ record: Int, _ reason: FlowEndReason, at time: Timestamp, _ context: borrowing ShardContext) {
        let flow = handle(record)
        let hash = hasher.hash(flow.identity.pointee.key)
        table.prefetch(hash)
        publishChange(record, at: time, context)
        if flow.identity.pointee.key.tunnelDepth > 0 {
            context.events.tunnel = tunnels.tunnel(of: record)
            tunnels.forget(record, hasher: hasher)
        }
        let slot = flow.details.pointee.applicationSlot
        if slot != 0, slot != FlowDetails.applicationOver {
            context.follower?.finish(slot: slot, flow: flow.record, at: time)
        }
        counters[reason] &+= 1
        counters.active -= 1
        if context.events.wants(.closed) {
            context.events.append(.closed, flow.record.pointee, at: time, detail: reason.rawValue)
        }
        table.remove(hash, record)
        unlink(record)
        flow.beginUpdate()
        flow.store(Self.freeMark, Field.timeoutClass)
        flow.store(firstFree, Field.next)
        flow.endUpdate()
        firstFree = UInt32(record + 1)
    }

    /// Publishes every change that is pending, in the order of the flows' first changes.
    func publishChanges(at time: Timestamp, _ context: borrowing ShardContext) {
        for record in changed { publishChange(Int(record), at: time, context) }
        changed.removeAll(keepingCapacity: true)
    }

    /// Publishes what a flow did since its last change, if it is pending.
    private func publishChange(_ record: Int, at time: Timestamp, _ context: borrowing ShardContext) {
        let flow = handle(record)
        let status = flow.identity.pointee.status
        guard status.contains(.changed), flow.identity.pointee.timeoutClass != Self.freeMark else { return }
        flow.store(status.subtracting(.changed).rawValue, Field.status)
        let toServer = flow.direction(0)
        let toClient = flow.direction(1)
        let total = FlowDelta(
            packetsToServer: toServer.pointee.packets, packetsToClient: toClient.pointee.packets,
            bytesToServer: toServer.pointee.bytes, bytesToClient: toClient.pointee.bytes)
        let last = published[record]
        published[record] = total
        context.events.append(
            changed: flow.record.pointee,
            by: FlowDelta(
                packetsToServer: total.packetsToServer &- last.packetsToServer,
                packetsToClient: total.packetsToClient &- last.packetsToClient,
                bytesToServer: total.bytesToServer &- last.bytesToServer,
                bytesToClient: total.bytesToClient &- last.bytesToClient),
            at: time)
    }
}

extension DirectionStatistics {
    /// Fresh counters for the same direction; where the sequence space and the clock stand is kept.
    fileprivate var renewed: DirectionStatistics {
        var fresh = DirectionStatistics()
        fresh.lastSeen = lastSeen
        fresh.nextSequence = nextSequence
        return fresh
    }
}
