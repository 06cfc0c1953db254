// Following a TCP connection: state, handshake times, sequence space.

import NetTypes

extension FlowShard {
    /// Late segments that arrive sooner than this after the newest one were reordered on the way; later ones were sent
    /// again. 3 ms is the bound that Wireshark uses when it knows no round-trip time.
    private static let reorderingWindow: Int64 = 3_000_000

    @inline(__always)
    func followTCP(
        _ packet: UnsafePointer<PacketSummary>, _ flow: RecordHandle, _ own: UnsafePointer<DirectionStatistics>,
        _ line: Int, toServer: Bool
    ) {
        let flags = packet.pointee.tcpFlags
        let state = flow.identity.pointee.tcpState
        if state != .established || flags.rawValue & 0x07 != 0 {
            advance(flow, state, flags, packet.pointee.time.nanoseconds, toServer: toServer)
        }
        let length =
            packet.pointee.payloadLength &+ (flags.contains(.syn) ? 1 : 0) &+ (flags.contains(.fin) ? 1 : 0)
        guard length > 0, !flags.contains(.rst), !flags.isEmpty else {
            // The first packet of a connection picked up in its middle is often a bare ACK: what it says about the
            // sequence space is where the next byte stands.
            if own.pointee.lastSeen == 0, flags.contains(.ack), !flags.contains(.rst) {
                flow.store(packet.pointee.sequence, line + Field.nextSequence)
            }
            return
        }
        let end = packet.pointee.sequence &+ length
        if packet.pointee.sequence == own.pointee.nextSequence {
            flow.store(end, line + Field.nextSequence)
        } else {
            outOfSequence(packet, flow, own, line, end, toServer: toServer)
        }
    }

    /// A segment that does not begin where the last one ended.
    @inline(never)
    private func outOfSequence(
        _ packet: UnsafePointer<PacketSummary>, _ flow: RecordHandle, _ own: UnsafePointer<DirectionStatistics>,
        _ line: Int, _ end: UInt32, toServer: Bool
    ) {
        let expected = own.pointee.nextSequence
        guard own.pointee.lastSeen != 0 else {
            flow.store(end, line + Field.nextSequence)
            return
        }
        let gapStatus: FlowStatus = toServer ? .toServerGap : .toClientGap
        let status = flow.identity.pointee.status
        let ahead = Int32(bitPattern: packet.pointee.sequence &- expected)
        if ahead > 0 {
            counters.gaps &+= 1
            flow.store(status.union(gapStatus).rawValue, Field.status)
            flow.store(end, line + Field.nextSequence)
            return
        }
        // One byte before the expected one: a keep-alive probe.
        if ahead == -1, packet.pointee.payloadLength <= 1 { return }
        if Int32(bitPattern: end &- expected) > 0 {
            flow.store(end, line + Field.nextSequence)
        } else if status.contains(gapStatus),
            packet.pointee.time.nanoseconds &- own.pointee.lastSeen < Self.reorderingWindow
        {
            flow.store(UInt16(clamping: Int(own.pointee.outOfOrder) + 1), line + Field.outOfOrder)
        } else {
            flow.store(UInt16(clamping: Int(own.pointee.retransmissions) + 1), line + Field.retransmissions)
        }
    }

    /// Moves the connection's state on.
    @inline(never)
    private func advance(
        _ flow: RecordHandle, _ state: TCPState, _ flags: TCPFlags, _ now: Int64, toServer: Bool
    ) {
        var next = state
        if flags.contains(.rst) {
            next = .reset
        } else {
            switch state {
            case .synSent:
                if !toServer, flags.contains([.syn, .ack]) {
                    next = .synReceived
                    // A repeated SYN leaves open which one was answered (Karn and Partridge, SIGCOMM 1987).
                    if flow.direction(0).pointee.packets == 1 {
                        storeRoundTrip(flow, now &- flow.details.pointee.firstToServer, Field.serverRoundTrip)
                    }
                } else if !toServer, flags.contains(.ack) {
                    next = .established
                }
            case .synReceived:
                if toServer, flags.contains(.ack), !flags.contains(.syn) {
                    next = .established
                    counters.tcpSessions &+= 1
                    if flow.direction(1).pointee.packets == 1 {
                        storeRoundTrip(flow, now &- flow.details.pointee.firstToClient, Field.clientRoundTrip)
                    }
                }
            case .none, .established, .closing, .closed, .reset: break
            }
            if flags.contains(.fin), next != .reset {
                next = flow.direction(toServer ? 1 : 0).pointee.flags.contains(.fin) ? .closed : .closing
            }
        }
        if next != state { flow.store(next.rawValue, Field.tcpState) }
    }

    private func storeRoundTrip(_ flow: RecordHandle, _ nanoseconds: Int64, _ field: Int) {
        flow.store(UInt32(clamping: max(1, nanoseconds / 1000)), field)
    }
}
