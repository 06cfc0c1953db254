// Protocols over UDP: messages that are datagrams, and QUIC.

import NetTypes

extension ApplicationTracker {
    /// Takes a UDP datagram. Only payload heads and QUIC need a slot: other datagrams are read each for itself.
    func consumeDatagram(
        slot: UInt32, application: ApplicationProtocol, packet: borrowing PacketSummary, toServer: Bool,
        snapshot: () -> FlowRecord
    ) -> Outcome {
        let bytes = ApplicationReader(packet.payload)
        let wireLength = max(Int(packet.payloadLength), bytes.length)
        let ports = (packet.key.firstPort, packet.key.secondPort)
        var application = application
        let isFirst = application == .unknown || application == .failed
        if isFirst {
            application = ProtocolRecognition.ofDatagram(
                bytes, wireLength: wireLength, ports: ports, interests: interests)
        }
        if application == .quic, interests.contains(.quic) {
            return (consumeQUIC(slot: slot, packet: packet, toServer: toServer, snapshot: snapshot), .quic)
        }
        var isParsed = interests.wantsRecords(of: application)
        if isParsed {
            // One message of SNMP says who asks and how; those that follow are a matter of routine.
            if application == .snmp { isParsed = false }
            if isFirst || isParsed {
                read(application, bytes, wireLength: wireLength, at: packet.time, snapshot: snapshot)
            }
        }
        // On a port of DNS one strange datagram does not hide the queries behind it.
        let mayBeDNS =
            (application == .unknown || application == .failed) && interests.wantsToKnow(.dns)
            && (DNSMessage.isPort(ports.0) || DNSMessage.isPort(ports.1))
        let isOver = !isParsed && !mayBeDNS
        guard interests.contains(.payloadHeads) else {
            return (isOver ? FlowDetails.applicationOver : slot, application)
        }
        let kept = keepHead(slot: slot, packet: packet, toServer: toServer, isOver: isOver)
        // A flow without a slot is still parsed: that needs none.
        return (kept == FlowDetails.applicationOver && !isOver ? 0 : kept, application)
    }

    private func read(
        _ application: ApplicationProtocol, _ bytes: ApplicationReader, wireLength: Int, at time: Timestamp,
        snapshot: () -> FlowRecord
    ) {
        let isCut = bytes.length < wireLength
        if application == .dns {
            guard DNSMessage.isPlausible(bytes, wireLength: wireLength) else {
                count(.malformed, of: .dns)
                return
            }
            publish(.dns, at: time, snapshot: snapshot) { DNSMessage.write(bytes, isCut: isCut, to: &$0) }
        } else if application == .snmp {
            publish(.snmp, at: time, snapshot: snapshot) { fields in
                guard let message = SNMPMessage(bytes) else { return .malformed }
                message.write(to: &fields)
                return .whole
            }
        } else {
            publish(.dhcp, at: time, snapshot: snapshot) { DHCPMessage.write(bytes, isCut: isCut, to: &$0) }
        }
    }
}
