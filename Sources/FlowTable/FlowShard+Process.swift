// The packet path of the flow table.

import NetTypes

extension FlowShard {
    /// Packets whose memory is asked for ahead of their turn.
    private static let window = 32

    /// Updates the table with the shard's packets of one run. Owner.
    ///
    /// - Parameters:
    ///   - packets: the run's packets; those named by `order` belong to this shard and are flow packets.
    ///   - order: their positions in `packets`, ascending.
    ///   - positionOffset: what to add to a position to get the event's position.
    public func process(
        _ packets: UnsafePointer<PacketSummary>, order: UnsafeBufferPointer<UInt16>, positionOffset: UInt32,
        _ context: borrowing ShardContext
    ) {
        var start = 0
        while start < order.count {
            let end = min(start + Self.window, order.count)
            // Two rounds of prefetching: the index lines, then, when they are there, the records they name.
            for place in start..<end { table.prefetch(packets[Int(order[place])].hash) }
            for place in start..<end {
                if let record = table.guess(packets[Int(order[place])].hash) { handle(record).prefetch() }
            }
            for place in start..<end {
                let position = Int(order[place])
                context.events.position = UInt32(truncatingIfNeeded: position) &+ positionOffset
                update(packets + position, context)
            }
            start = end
        }
    }

    /// Packet time has reached a whole second. Publishes what changed in the last one, ends idle flows. Owner.
    ///
    /// - Parameter time: the second's first moment; later calls never go back.
    public func tick(_ time: Timestamp, _ context: borrowing ShardContext) {
        publishChanges(at: time, context)
        expire(until: time.seconds, at: time, context)
    }

    /// Ends up to `limit` flows because the capture has ended. Owner.
    ///
    /// - Returns: whether flows are left.
    public func drain(_ limit: Int, at time: Timestamp, _ context: borrowing ShardContext) -> Bool {
        publishChanges(at: time, context)
        var ended = 0
        while drained < highWater, ended < limit {
            if handle(drained).identity.pointee.timeoutClass != Self.freeMark {
                close(drained, .shutdown, at: time, context)
                ended += 1
            }
            drained += 1
        }
        return drained < highWater
    }

    /// One packet.
    @inline(__always)
    private func update(_ packet: UnsafePointer<PacketSummary>, _ context: borrowing ShardContext) {
        let hash = packet.pointee.hash
        let found = table.find(hash) { handle($0).matches(packet.pointee.key) }
        guard let record = found else { return open(packet, context) }
        let flow = handle(record)
        let packetSecond = UInt32(truncatingIfNeeded: packet.pointee.time.seconds)
        if packet.pointee.tcpFlags.contains(.syn), isReuse(flow, packet) {
            close(record, .reused, at: packet.pointee.time, context)
            return open(packet, context)
        }
        if Int32(truncatingIfNeeded: packetSecond &- flow.identity.pointee.startSecond) >= Int32(timeouts.active) {
            renew(record, packetSecond, at: packet.pointee.time, context)
        }
        let isFromFirst = packet.pointee.sourceIsFirst
        let toServer = isFromFirst == flow.identity.pointee.status.contains(.clientIsFirst)
        flow.beginUpdate()
        let answers = count(packet, flow, toServer: toServer)
        flow.endUpdate()
        if answers {
            if packet.pointee.key.transport == IPProtocol.tcp { timeClassMayShorten(record, flow) }
            if context.events.wants(.answered) {
                context.events.append(.answered, flow.record.pointee, at: packet.pointee.time)
            }
        } else if packet.pointee.tcpFlags.rawValue & (TCPFlags.fin.rawValue | TCPFlags.rst.rawValue) != 0 {
            timeClassMayShorten(record, flow)
        }
        follow(packet, record, flow, toServer: toServer, context)
    }

    /// What comes after a packet was counted: notes the change, hands the payload on.
    @inline(__always)
    func follow(
        _ packet: UnsafePointer<PacketSummary>, _ record: Int, _ flow: RecordHandle, toServer: Bool,
        _ context: borrowing ShardContext
    ) {
        if context.events.wants(.changed), context.overload < .statistics,
            !flow.identity.pointee.status.contains(.changed)
        {
            flow.store(flow.identity.pointee.status.union(.changed).rawValue, Field.status)
            changed.append(UInt32(record))
        }
        guard let follower = context.follower, packet.pointee.payloadCaptured > 0 else { return }
        var slot = flow.details.pointee.applicationSlot
        guard slot & FlowDetails.applicationSettled == 0 else { return }
        let known = flow.identity.pointee.application
        var application = known
        let before = slot
        follower.follow(
            packet.pointee, toServer: toServer, slot: &slot, application: &application, flow: flow.record)
        if slot != before { flow.store(slot, Field.applicationSlot) }
        if application != known { flow.store(application.rawValue, Field.application) }
    }

    /// Moves a flow to a list that falls due earlier, when its state asks for it. Flows whose timeout got longer are
    /// moved when their old list falls due.
    private func timeClassMayShorten(_ record: Int, _ flow: RecordHandle) {
        let current = currentClass(flow)
        guard current == .tcpClosing || current == .tcpClosed else { return }
        if flow.identity.pointee.timeoutClass != current.rawValue {
            unlink(record)
            link(record, current, lastSeen: Timestamp(nanoseconds: flow.lastSeen).seconds)
        }
    }

    /// Whether a SYN begins a new connection on the 5-tuple of an old one.
    private func isReuse(_ flow: RecordHandle, _ packet: UnsafePointer<PacketSummary>) -> Bool {
        guard !packet.pointee.tcpFlags.contains(.ack) else { return false }
        switch flow.identity.pointee.tcpState {
        case .closing, .closed, .reset: return true
        case .none, .synSent, .synReceived, .established: return false
        }
    }
}
