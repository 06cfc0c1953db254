// The packet path of the flow table.

import CLinux
import NetTypes

extension FlowShard {
    // How many packets ahead of its turn each part of a packet's memory is asked for. An access takes some hundred
    // cycles when nothing is cached; by then the packets between have been worked on.
    private static let indexAhead = 24
    private static let identityAhead = 14
    private static let statisticsAhead = 6

    /// Asks for the first memory that `process` will want of these packets, while the caller still works on another
    /// shard. Any thread.
    public func prepare(order: UnsafeBufferPointer<PacketPlace>) {
        for place in order.prefix(Self.indexAhead) { table.prefetch(place.hash) }
    }

    /// Updates the table with the shard's packets of a batch and the ticks between them. Owner.
    ///
    /// Index, identity and statistics of a flow lie behind one another: each names the next. They are asked for in three
    /// rounds, each some packets ahead of the next, so that memory and arithmetic overlap (software pipelining; Chen,
    /// Ailamaki, Gibbons and Mowry, Improving Hash Join Performance through Prefetching, ICDE 2004).
    ///
    /// An event's position is that of its packet or tick in the batch, where ticks count too.
    ///
    /// - Parameters:
    ///   - packets: the batch's packets; those named by `order` belong to this shard and are flow packets.
    ///   - order: their places in `packets`, ascending.
    ///   - ticks: when packet time reaches whole seconds, ascending.
    ///   - context: where events go.
    ///   - ticked: called after each tick with its index.
    public func process(
        _ packets: UnsafePointer<PacketSummary>, order: UnsafeBufferPointer<PacketPlace>,
        ticks: UnsafeBufferPointer<TableTick> = .init(start: nil, count: 0), _ context: borrowing ShardContext,
        ticked: (Int) -> Void = { _ in }
    ) {
        // The record each of the next packets probably belongs to, plus one; zero when none is known.
        var guesses = InlineArray<16, UInt32>(repeating: 0)
        var prepared = 0
        var passed = 0
        func pass() {
            context.events.position = ticks[passed].position &+ UInt32(truncatingIfNeeded: passed)
            tick(ticks[passed].time, context)
            ticked(passed)
            passed &+= 1
        }
        for step in 0..<(order.count &+ Self.indexAhead) {
            if step < order.count {
                table.prefetch(order[step].hash)
                Self.prefetch(packets + Int(order[step].position))
                while prepared < ticks.count, ticks[prepared].position <= order[step].position {
                    prepare(ticks[prepared].time)
                    prepared &+= 1
                }
            }
            let named = step &- (Self.indexAhead - Self.identityAhead)
            if named >= 0, named < order.count {
                let guess = table.guess(order[named].hash)
                guesses[named & 15] = guess
                if guess != 0 { handle(Int(guess) &- 1).prefetchIdentity() }
            }
            let known = step &- (Self.indexAhead - Self.statisticsAhead)
            if known >= 0, known < order.count, guesses[known & 15] != 0 {
                prefetchStatistics(Int(guesses[known & 15]) &- 1, packets + Int(order[known].position))
            }
            let place = step &- Self.indexAhead
            if place >= 0 {
                let position = order[place].position
                while passed < ticks.count, ticks[passed].position <= position {
                    pass()
                }
                context.events.position = position &+ UInt32(truncatingIfNeeded: passed)
                update(packets + Int(position), guess: Int(guesses[place & 15]) &- 1, context)
            }
        }
        while passed < ticks.count { pass() }
    }

    /// Asks for a packet that was decoded some time ago.
    @inline(__always)
    private static func prefetch(_ packet: UnsafePointer<PacketSummary>) {
        lepton_prefetch_read(packet)
        lepton_prefetch_read(UnsafeRawPointer(packet) + 64)
    }

    /// Asks for what a packet of the flow touches besides its identity.
    @inline(__always)
    private func prefetchStatistics(_ record: Int, _ packet: UnsafePointer<PacketSummary>) {
        let flow = handle(record)
        let identity = flow.identity
        let toServer = packet.pointee.sourceIsFirst == identity.pointee.status.contains(.clientIsFirst)
        flow.prefetchDirection(toServer ? 0 : 1)
        if identity.pointee.firstPacketCount < 16 { flow.prefetchFirstPackets() }
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
    private func update(_ packet: UnsafePointer<PacketSummary>, guess: Int, _ context: borrowing ShardContext) {
        guard let record = lookUp(packet, guess) else { return open(packet, context) }
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
                if packet.pointee.key.tunnelDepth > 0 { context.events.tunnel = tunnels.tunnel(of: record) }
                context.events.append(.answered, flow.record.pointee, at: packet.pointee.time)
            }
        } else if packet.pointee.tcpFlags.rawValue & (TCPFlags.fin.rawValue | TCPFlags.rst.rawValue) != 0 {
            timeClassMayShorten(record, flow)
        }
        follow(packet, record, flow, toServer: toServer, context)
    }

    /// The record of the packet's flow. The guess may be stale: since it was made, packets before this one may have closed
    /// the flow, or opened it.
    @inline(__always)
    private func lookUp(_ packet: UnsafePointer<PacketSummary>, _ guess: Int) -> Int? {
        if guess >= 0 {
            let flow = handle(guess)
            if flow.matches(packet.pointee.key), flow.identity.pointee.timeoutClass != Self.freeMark { return guess }
        }
        return table.find(packet.pointee.hash) { handle($0).matches(packet.pointee.key) }
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
        // Asked of the identity, so that a settled flow's details stay out of the cache.
        guard !flow.identity.pointee.status.contains(.settled) else { return }
        var slot = flow.details.pointee.applicationSlot
        if packet.pointee.key.tunnelDepth > 0 { context.events.tunnel = tunnels.tunnel(of: record) }
        let known = flow.identity.pointee.application
        var application = known
        let before = slot
        follower.follow(
            packet.pointee, toServer: toServer, slot: &slot, application: &application, flow: flow.record)
        if slot != before { flow.store(slot, Field.applicationSlot) }
        if slot & FlowDetails.applicationSettled != 0 {
            flow.store(flow.identity.pointee.status.union(.settled).rawValue, Field.status)
        }
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
