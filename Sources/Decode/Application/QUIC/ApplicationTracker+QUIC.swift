// QUIC: the hello of a client, from its Initial packets.

import NetTypes
import PacketProtection

extension ApplicationTracker {
    /// Datagrams of a direction that are looked at before its hello is given up.
    private static let maximumDatagrams: UInt8 = 16

    /// Takes a datagram of a QUIC connection.
    ///
    /// - Returns: what to keep as the flow's slot.
    func consumeQUIC(
        slot: UInt32, packet: borrowing PacketSummary, toServer: Bool, snapshot: () -> FlowRecord
    ) -> UInt32 {
        guard let handle = slot != 0 ? slot : openSlot() else { return FlowDetails.applicationOver }
        let state = pointer(handle)
        let bytes = ApplicationReader(packet.payload)
        if interests.contains(.payloadHeads) { state.pointee.appendHead(bytes, toServer: toServer) }
        guard !state.pointee.flags.contains(.over) else {
            return state.pointee.headsAreFull ? handle | Self.settledBit : handle
        }
        state.pointee.application = .quic
        // Which side is the client shows when a packet opens; from then on the other side's are left alone.
        let other = toServer ? state.pointee.toClient : state.pointee.toServer
        guard other.buffer == 0 else { return handle }
        var direction = toServer ? state.pointee.toServer : state.pointee.toClient
        direction.attempts += 1
        readInitials(bytes, &direction)
        let isOver: Bool
        if direction.buffer != 0, QUICAssembly(segments[direction.buffer]).isComplete {
            finishQUIC(&direction, packet.time, snapshot)
            isOver = true
        } else if direction.attempts >= Self.maximumDatagrams {
            counters.incomplete += 1
            finishQUIC(&direction, packet.time, snapshot)
            isOver = true
        } else {
            isOver = false
        }
        if toServer { state.pointee.toServer = direction } else { state.pointee.toClient = direction }
        return isOver ? settle(handle) : handle
    }

    /// Publishes the hello as far as it is there, and gives its buffer back.
    func finishQUIC(_ direction: inout StreamDirection, _ time: Timestamp, _ snapshot: () -> FlowRecord) {
        guard direction.buffer != 0 else { return }
        let version = UInt32(truncatingIfNeeded: direction.header)
        if let (message, isCut) = QUICAssembly(segments[direction.buffer]).message {
            publish(.quic, at: time, snapshot: snapshot) { fields in
                fields.append(.quicVersion, version)
                var body = message
                guard body.uint8() == TLSHandshake.clientHello, body.skip(3) else { return .malformed }
                let hello = ClientHello(ApplicationReader(body.unread), isCut: isCut)
                hello.write(overQUIC: true, to: &fields)
                hello.writeLists(to: &fields)
                return hello.verdict
            }
        }
        dropKept(&direction)
    }

    /// Opens the Initial packets of a datagram and keeps their handshake bytes.
    private func readInitials(_ datagram: ApplicationReader, _ direction: inout StreamDirection) {
        var datagram = datagram
        while !datagram.isAtEnd, let packet = QUICPacket(&datagram) {
            guard packet.kind == .initial else { continue }
            open(packet, &direction)
        }
    }

    private func open(_ packet: QUICPacket, _ direction: inout StreamDirection) {
        if opener == nil { opener = InitialOpener() }
        guard let opener else { return }
        if direction.buffer != 0 {
            let assembly = QUICAssembly(segments[direction.buffer])
            let isRead: Void? = opener.open(
                packet.bytes.unread, numberOffset: packet.numberOffset, version: packet.version,
                connectionID: assembly.connectionID
            ) { readFrames($0, into: assembly) }
            if isRead != nil { return }
        }
        // The first packet of a connection; or the first after a Retry, or in another version, both of which begin the
        // handshake again with new keys (RFC 9000 sections 17.2.5 and 6.2).
        let isOpened: Void? = opener.open(
            packet.bytes.unread, numberOffset: packet.numberOffset, version: packet.version,
            connectionID: packet.destinationID.unread
        ) { frames in
            guard direction.buffer != 0 || beginAssembly(&direction) else { return }
            let assembly = QUICAssembly(segments[direction.buffer])
            assembly.begin(packet.destinationID)
            direction.header = UInt64(packet.version.rawValue)
            readFrames(frames, into: assembly)
        }
        if isOpened == nil, direction.buffer != 0 { counters.malformed[Int(ApplicationProtocol.quic.rawValue)] += 1 }
    }

    private func beginAssembly(_ direction: inout StreamDirection) -> Bool {
        guard let handle = segments.allocate() else {
            counters.buffersExhausted += 1
            return false
        }
        direction.buffer = handle
        return true
    }

    /// Reads the frames that an Initial packet may hold (RFC 9000 section 12.4).
    private func readFrames(_ frames: UnsafeRawBufferPointer, into assembly: QUICAssembly) {
        var reader = ApplicationReader(frames)
        while let type = reader.uint8() {
            switch type {
            case 0x00, 0x01: continue
            case 0x02, 0x03: guard Self.skipAcknowledgment(&reader, hasCounts: type == 3) else { return }
            case 0x06:
                guard let offset = reader.variableInteger(), let length = reader.variableInteger(),
                    let bytes = reader.take(length)
                else { return }
                assembly.add(bytes, at: offset)
            default: return
            }
        }
    }

    /// Passes over an ACK frame (RFC 9000 section 19.3).
    private static func skipAcknowledgment(_ reader: inout ApplicationReader, hasCounts: Bool) -> Bool {
        guard reader.variableInteger() != nil, reader.variableInteger() != nil, let ranges = reader.variableInteger(),
            reader.variableInteger() != nil, ranges <= reader.remaining
        else { return false }
        for _ in 0..<(ranges * 2 + (hasCounts ? 3 : 0)) where reader.variableInteger() == nil { return false }
        return true
    }
}
