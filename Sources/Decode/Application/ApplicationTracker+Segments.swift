// TCP: brings the bytes of each direction in order and hands them to the protocol's reader.

import NetTypes

extension ApplicationTracker {
    /// How far a sequence number may lie from the expected one before the stream is taken up afresh.
    private static let sequenceWindow = 1 << 24

    /// Takes a TCP segment with payload.
    func consumeSegment(
        slot: UInt32, application: ApplicationProtocol, packet: borrowing PacketSummary, toServer: Bool,
        snapshot: () -> FlowRecord
    ) -> Outcome {
        // Text in a reset is an explanation, not part of the stream (RFC 9293 section 3.5.3).
        guard !packet.tcpFlags.contains(.rst) else { return (slot, application) }
        var slot = slot
        if slot == 0 {
            if let outcome = decideAtOnce(packet) { return outcome }
            guard let opened = openSlot() else { return (FlowDetails.applicationOver, application) }
            slot = opened
        }
        let state = pointer(slot)
        if state.pointee.flags.contains(.over) {
            let settled = keepHead(slot: slot, packet: packet, toServer: toServer, isOver: true)
            return (settled, application)
        }
        var direction = toServer ? state.pointee.toServer : state.pointee.toClient
        let (bytes, before, after) = Self.inOrder(packet, &direction)
        let isOver: Bool
        if bytes.isAtEnd && before == 0 && after == 0 {
            isOver = false
        } else if state.pointee.application == .unknown {
            isOver = recognise(state, &direction, packet, bytes, toServer, isBroken: before > 0, after, snapshot)
        } else {
            if interests.contains(.payloadHeads) { state.pointee.appendHead(bytes, toServer: toServer) }
            isOver = follow(state, &direction, bytes, toServer, before: before, after: after, packet.time, snapshot)
        }
        if toServer { state.pointee.toServer = direction } else { state.pointee.toClient = direction }
        var recognised = state.pointee.application
        if recognised == .unknown, direction.flags.contains(.unmatched), interests.contains(.recognition) {
            // So it stands unless the next segments say otherwise.
            recognised = .failed
        }
        return (isOver ? settle(slot) : slot, recognised)
    }

    /// Decides about a flow from its first segment alone, if that is possible without a slot.
    private func decideAtOnce(_ packet: borrowing PacketSummary) -> Outcome? {
        guard !interests.contains(.payloadHeads) else { return nil }
        let ports = (packet.key.firstPort, packet.key.secondPort)
        guard ProtocolRecognition.canMatchStream(interests: interests, ports: ports) else {
            return (FlowDetails.applicationOver, .unknown)
        }
        let recognition = ProtocolRecognition.ofStream(
            ApplicationReader(packet.payload), interests: interests, ports: ports, other: .none)
        if case .match(let application) = recognition, !wantsToFollow(application) {
            return (FlowDetails.applicationOver, application)
        }
        return nil
    }

    /// Whether a flow of the protocol is to be followed: for its records, or because it may turn to TLS.
    private func wantsToFollow(_ application: ApplicationProtocol) -> Bool {
        interests.wantsRecords(of: application)
            || ((application == .ftp || application == .smtp) && interests.contains(.tls))
    }

    /// The bytes of a segment that were not seen before, and how many are missing in front of them and behind them.
    private static func inOrder(
        _ packet: borrowing PacketSummary, _ direction: inout StreamDirection
    ) -> (bytes: ApplicationReader, before: Int, after: Int) {
        var bytes = ApplicationReader(packet.payload)
        let length = max(Int(packet.payloadLength), bytes.length)
        // The SYN takes the first sequence number; payload comes after it (RFC 7413).
        let sequence = packet.tcpFlags.contains(.syn) ? packet.sequence &+ 1 : packet.sequence
        var before = 0
        var known = 0
        if direction.flags.contains(.started) {
            let ahead = Int(Int32(bitPattern: sequence &- direction.nextSequence))
            if ahead > 0 || ahead < -sequenceWindow {
                before = ahead > 0 && ahead <= sequenceWindow ? ahead : sequenceWindow
            } else {
                known = -ahead
            }
        }
        guard known < length else { return (.empty, 0, 0) }
        direction.flags.insert(.started)
        direction.nextSequence = sequence &+ UInt32(truncatingIfNeeded: length)
        let skipped = min(known, bytes.length)
        let after = length - max(bytes.length, known)
        _ = bytes.skip(skipped)
        return (ApplicationReader(bytes.unread), before, after)
    }

    /// Looks for the protocol of a flow; once it is known, hands on all bytes seen so far.
    ///
    /// - Parameter isBroken: whether bytes are missing in front of `bytes`.
    /// - Returns: whether nothing more is wanted of the flow.
    private func recognise(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ direction: inout StreamDirection,
        _ packet: borrowing PacketSummary, _ bytes: ApplicationReader, _ toServer: Bool, isBroken: Bool,
        _ after: Int, _ snapshot: () -> FlowRecord
    ) -> Bool {
        let earlier = Int(toServer ? state.pointee.toServerHeadCount : state.pointee.toClientHeadCount)
        state.pointee.appendHead(bytes, toServer: toServer)
        direction.attempts += 1
        if isBroken { direction.flags.insert(.unmatched) }
        var recognition = ProtocolRecognition.none
        if !direction.flags.contains(.unmatched) {
            let ports = (packet.key.firstPort, packet.key.secondPort)
            let answer = state.pointee.greeting(toServer: !toServer)
            recognition =
                earlier == 0
                ? ProtocolRecognition.ofStream(bytes, interests: interests, ports: ports, other: answer)
                : state.pointee.withHead(toServer: toServer) {
                    ProtocolRecognition.ofStream(
                        ApplicationReader($0), interests: interests, ports: ports, other: answer)
                }
        }
        if case .match(let application) = recognition {
            state.pointee.application = application
            guard wantsToFollow(application) else { return true }
            return begin(state, &direction, bytes, earlier: earlier, toServer, after, packet.time, snapshot)
        }
        if let application = ProtocolRecognition.ofLaterSegment(bytes, interests: interests) {
            state.pointee.application = application
            guard interests.wantsRecords(of: application) else { return true }
            return begin(state, &direction, bytes, earlier: 0, toServer, after, packet.time, snapshot)
        }
        if case .undecided = recognition, after == 0 { return false }
        direction.flags.insert(.unmatched)
        return isHopeless(direction, toServer ? state.pointee.toClient : state.pointee.toServer)
    }

    /// Whether a flow without a known protocol is given up.
    private func isHopeless(_ direction: StreamDirection, _ other: StreamDirection) -> Bool {
        if other.flags.contains(.unmatched) {
            return Int(direction.attempts) + Int(other.attempts) >= Self.maximumAttempts
        }
        return Int(direction.attempts) >= Self.maximumOneSidedAttempts
    }

    /// Hands the bytes seen before the protocol was known to its reader, then the segment that made it known.
    private func begin(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ direction: inout StreamDirection, _ bytes: ApplicationReader,
        earlier: Int, _ toServer: Bool, _ after: Int, _ time: Timestamp, _ snapshot: () -> FlowRecord
    ) -> Bool {
        // Taken before any reader runs: what the other direction holds is the beginning of its stream, or no beginning.
        var other = toServer ? state.pointee.toClient : state.pointee.toServer
        var isOver = false
        if other.flags.contains(.unmatched) {
            other.flags.insert(state.pointee.application == .ssh ? .done : .lost)
        } else if other.flags.contains(.started) {
            isOver = followHead(state, &other, toServer: !toServer, limit: ApplicationSlot.headLength, time, snapshot)
        }
        if toServer { state.pointee.toClient = other } else { state.pointee.toServer = other }
        if !isOver, earlier > 0 {
            isOver = followHead(state, &direction, toServer: toServer, limit: earlier, time, snapshot)
        }
        return isOver || follow(state, &direction, bytes, toServer, before: 0, after: after, time, snapshot)
    }

    private func followHead(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ direction: inout StreamDirection, toServer: Bool, limit: Int,
        _ time: Timestamp, _ snapshot: () -> FlowRecord
    ) -> Bool {
        let copy = state.pointee
        return copy.withHead(toServer: toServer, limit: limit) {
            follow(state, &direction, ApplicationReader($0), toServer, before: 0, after: 0, time, snapshot)
        }
    }

    /// Hands bytes to the reader of the flow's protocol, with what is missing around them.
    ///
    /// - Returns: whether nothing more is wanted of the flow.
    private func follow(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ direction: inout StreamDirection, _ bytes: ApplicationReader,
        _ toServer: Bool, before: Int, after: Int, _ time: Timestamp, _ snapshot: () -> FlowRecord
    ) -> Bool {
        if before > 0, lose(state, &direction, before, toServer, time, snapshot) { return true }
        let isOver: Bool
        switch state.pointee.application {
        case .tls: isOver = followTLS(state, &direction, bytes, toServer, time, snapshot)
        case .http: isOver = followHTTP(state, &direction, bytes, toServer, time, snapshot)
        case .ssh: isOver = followSSH(state, &direction, bytes, toServer, time, snapshot)
        case .ftp, .smtp: isOver = followLines(state, &direction, bytes, toServer, time, snapshot)
        case .dns, .smb, .dcerpc, .rdp, .modbus, .s7, .mqtt:
            isOver = followMessages(state, &direction, bytes, toServer, time, snapshot)
        case .unknown, .failed, .dhcp, .quic, .snmp: return true
        }
        if isOver { return true }
        return after > 0 && lose(state, &direction, after, toServer, time, snapshot)
    }

    /// Tells the reader of the flow's protocol that `count` bytes are missing: what it has of a message is all there is.
    private func lose(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ direction: inout StreamDirection, _ count: Int,
        _ toServer: Bool, _ time: Timestamp, _ snapshot: () -> FlowRecord
    ) -> Bool {
        if direction.buffer != 0 { counters.incomplete += 1 }
        switch state.pointee.application {
        case .tls: return loseTLS(state, &direction, count, toServer, time, snapshot)
        case .http: return loseHTTP(state, &direction, count, toServer, time, snapshot)
        case .ssh: return loseSSH(state, &direction, toServer, time, snapshot)
        case .quic:
            finishQUIC(&direction, time, snapshot)
            return true
        case .ftp, .smtp:
            loseLine(&direction)
            return false
        case .dns, .smb, .dcerpc, .rdp, .modbus, .s7, .mqtt:
            return loseMessage(state, &direction, count, toServer, time, snapshot)
        case .unknown, .failed, .dhcp, .snmp: return true
        }
    }

    /// Publishes all that a closing flow still holds: messages whose end never came, and records without answer.
    func endMessages(
        _ state: UnsafeMutablePointer<ApplicationSlot>, at time: Timestamp, snapshot: () -> FlowRecord
    ) {
        for toServer in [true, false] {
            var direction = toServer ? state.pointee.toServer : state.pointee.toClient
            if direction.buffer != 0 { _ = lose(state, &direction, 1, toServer, time, snapshot) }
            if toServer { state.pointee.toServer = direction } else { state.pointee.toClient = direction }
        }
        if state.pointee.application == .tls {
            finishTLS(state, time, snapshot)
        } else {
            while state.pointee.firstPending != 0 { publishFirstPending(state, at: time, snapshot: snapshot) }
        }
    }
}
