// Protocols whose messages carry a length in front: DNS over TCP, SMB, DCE/RPC, RDP, Modbus, S7, MQTT.

import NetTypes

extension ApplicationTracker {
    /// Reads bytes that follow on those before.
    ///
    /// - Returns: whether nothing more is wanted of the flow.
    func followMessages(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ direction: inout StreamDirection, _ bytes: ApplicationReader,
        _ toServer: Bool, _ time: Timestamp, _ snapshot: () -> FlowRecord
    ) -> Bool {
        let application = state.pointee.application
        var bytes = bytes
        if direction.flags.contains(.lost) {
            guard MessageFraming.begins(application, bytes) else { return false }
            direction.flags.remove(.lost)
            direction.skipped = 0
        }
        while !bytes.isAtEnd {
            guard
                let (message, isCut) = nextMessage(
                    &bytes, headerLength: MessageFraming.headerLength(of: application), in: &direction,
                    total: { MessageFraming.length(of: application, $0) })
            else { return false }
            let isOver = readMessage(state, &direction, message, isCut: isCut, toServer, time, snapshot)
            dropKept(&direction)
            if isOver || direction.flags.contains(.lost) { return isOver }
        }
        return false
    }

    /// Takes note of `count` bytes that are missing.
    func loseMessage(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ direction: inout StreamDirection, _ count: Int,
        _ toServer: Bool, _ time: Timestamp, _ snapshot: () -> FlowRecord
    ) -> Bool {
        let collected = kept(direction)
        var isOver = false
        if let length = MessageFraming.length(of: state.pointee.application, collected) {
            isOver = readMessage(state, &direction, collected, isCut: true, toServer, time, snapshot)
            direction.skipped = UInt64(max(0, length - collected.length))
        }
        dropKept(&direction)
        if direction.skipped >= UInt64(count) {
            direction.skipped -= UInt64(count)
        } else {
            direction.flags.insert(.lost)
        }
        return isOver
    }

    private func readMessage(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ direction: inout StreamDirection,
        _ message: ApplicationReader, isCut: Bool, _ toServer: Bool, _ time: Timestamp, _ snapshot: () -> FlowRecord
    ) -> Bool {
        let verdict: MessageVerdict = isCut ? .partial : .whole
        switch state.pointee.application {
        case .dns: readDNS(message, isCut: isCut, &direction, time, snapshot)
        case .smb: readSMB(state, message, isCut: isCut, time, snapshot)
        case .dcerpc:
            if let call = RPCMessage(message), call.isNews(to: &state.pointee) {
                publish(.dcerpc, at: time, snapshot: snapshot) { fields in
                    call.write(to: &fields)
                    return verdict
                }
            }
        case .rdp:
            guard let message = TPKTMessage(message), message.isConnection else { return true }
            publish(.rdp, at: time, snapshot: snapshot) { fields in
                message.writeRDP(to: &fields)
                return verdict
            }
            // What follows the server's answer is encrypted.
            return message.isConfirmation
        case .s7:
            guard let message = TPKTMessage(message)?.s7, message.isNews(to: &state.pointee) else { return false }
            publish(.s7, at: time, snapshot: snapshot) { fields in
                message.write(to: &fields)
                return verdict
            }
        case .modbus:
            guard let message = ModbusMessage(message, toServer: toServer) else {
                count(.malformed, of: .modbus)
                direction.flags.insert(.lost)
                return false
            }
            guard message.isNews(to: &state.pointee, direction: &direction) else { return false }
            publish(.modbus, at: time, snapshot: snapshot) { fields in
                message.write(to: &fields)
                return verdict
            }
        case .mqtt:
            guard let message = MQTTMessage(message, version: state.pointee.offeredVersion) else {
                if !isCut { count(.malformed, of: .mqtt) }
                return false
            }
            if let version = message.version { state.pointee.offeredVersion = UInt16(version) }
            guard message.isNews(to: &state.pointee) else { return false }
            publish(.mqtt, at: time, snapshot: snapshot) { fields in
                message.write(to: &fields)
                return verdict
            }
        default: return true
        }
        return false
    }
}
