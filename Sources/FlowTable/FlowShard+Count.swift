// Counting a packet into its flow's record.

import NetTypes

extension FlowShard {
    /// Adds a packet to the record. Returns whether it is the first of its direction in a flow that has the other one.
    ///
    /// Called between `beginUpdate` and `endUpdate`. Touches two cache lines of the record for a usual packet: identity
    /// and direction; the first 16 packets also touch `firstPackets` and `details`.
    @inline(__always)
    func count(_ packet: UnsafePointer<PacketSummary>, _ flow: RecordHandle, toServer: Bool) -> Bool {
        let side = toServer ? 0 : 1
        let line = RecordHandle.toServer + side * 64
        let own = flow.direction(side)
        let now = packet.pointee.time.nanoseconds
        let length = UInt64(packet.pointee.wireLength)
        let shortLength = UInt16(clamping: packet.pointee.wireLength)
        let packets = own.pointee.packets
        let lastSeen = own.pointee.lastSeen
        let identity = flow.identity

        if packet.pointee.key.transport == IPProtocol.tcp {
            followTCP(packet, flow, own, line, toServer: toServer)
        }
        let firsts = identity.pointee.firstPacketCount
        if firsts < 16 {
            noteFirst(Int(firsts), flow, now, shortLength, toServer: toServer)
        }
        if packets == 0 {
            beginDirection(packet, flow, line, toServer: toServer)
        } else {
            // The gap of a packet out of time order counts as zero.
            let gap = max(0, now &- lastSeen)
            let packed = PackedGap(nanoseconds: gap).bits
            flow.store((own.pointee.gapSquares + Double(gap) * Double(gap)).bitPattern, line + Field.gapSquares)
            if packed < own.pointee.gapMinimum.bits || packets == 1 { flow.store(packed, line + Field.gapMinimum) }
            if packed > own.pointee.gapMaximum.bits { flow.store(packed, line + Field.gapMaximum) }
            if shortLength < own.pointee.lengthMinimum { flow.store(shortLength, line + Field.lengthMinimum) }
            if shortLength > own.pointee.lengthMaximum { flow.store(shortLength, line + Field.lengthMaximum) }
            let ttl = packet.pointee.timeToLive
            if ttl < own.pointee.timeToLiveMinimum { flow.store(ttl, line + Field.timeToLiveMinimum) }
            if ttl > own.pointee.timeToLiveMaximum { flow.store(ttl, line + Field.timeToLiveMaximum) }
        }
        flow.store(packets &+ 1, line + Field.packets)
        flow.store(own.pointee.bytes &+ length, line + Field.bytes)
        flow.store(own.pointee.payloadBytes &+ UInt64(packet.pointee.payloadLength), line + Field.payloadBytes)
        flow.store(own.pointee.lengthSquares &+ length &* length, line + Field.lengthSquares)
        if now > lastSeen { flow.store(now, line + Field.lastSeen) }
        let flags = own.pointee.flags.union(packet.pointee.tcpFlags)
        if flags != own.pointee.flags { flow.store(flags.rawValue, line + Field.flags) }

        guard lastSeen == 0, flow.direction(1 - side).pointee.lastSeen != 0 else { return false }
        flow.store(identity.pointee.status.union(.answered).rawValue, Field.status)
        return true
    }

    /// Notes length, direction and gap of one of the first packets.
    @inline(never)
    private func noteFirst(_ place: Int, _ flow: RecordHandle, _ now: Int64, _ length: UInt16, toServer: Bool) {
        flow.store(length, RecordHandle.firstPackets + place * 2)
        let last = lastSeen(flow, toServer: toServer)
        let gap = place == 0 || last == 0 ? PackedGap(bits: 0) : PackedGap(nanoseconds: now &- last)
        flow.store(gap.bits, RecordHandle.firstPackets + 32 + place * 2)
        if !toServer {
            flow.store(flow.details.pointee.firstDirections | 1 << UInt16(place), Field.firstDirections)
        }
        flow.store(UInt8(place + 1), Field.firstPacketCount)
    }

    /// Time of the flow's last packet before this one. Of a flow with one direction the other one's line is not read.
    @inline(__always)
    private func lastSeen(_ flow: RecordHandle, toServer: Bool) -> Int64 {
        let own = flow.direction(toServer ? 0 : 1).pointee.lastSeen
        return own != 0 && !flow.identity.pointee.status.contains(.answered) ? own : flow.lastSeen
    }

    /// The first packet of a direction in this record.
    @inline(never)
    private func beginDirection(
        _ packet: UnsafePointer<PacketSummary>, _ flow: RecordHandle, _ line: Int, toServer: Bool
    ) {
        let length = UInt16(clamping: packet.pointee.wireLength)
        flow.store(length, line + Field.lengthMinimum)
        flow.store(length, line + Field.lengthMaximum)
        flow.store(packet.pointee.timeToLive, line + Field.timeToLiveMinimum)
        flow.store(packet.pointee.timeToLive, line + Field.timeToLiveMaximum)
        let now = packet.pointee.time.nanoseconds
        flow.store(now, toServer ? Field.firstToServer : Field.firstToClient)
        guard !toServer, flow.direction(1).pointee.lastSeen == 0 else { return }
        flow.store(packet.pointee.window, Field.serverWindow)
        flow.store(packet.pointee.maximumSegmentSize, Field.serverSegmentSize)
        flow.store(packet.pointee.trafficClass, Field.serverTrafficClass)
        flow.store(packet.pointee.icmpType, Field.responseICMPType)
        flow.store(packet.pointee.icmpCode, Field.responseICMPCode)
    }
}
