// Recognises protocols whose messages carry a length in front.

import NetTypes

extension ProtocolRecognition {
    /// Looks at the first bytes of one direction of a TCP connection. Content decides, except for Modbus, which has too
    /// little of it.
    static func ofMessages(
        _ bytes: ApplicationReader, _ interests: ApplicationInterests, _ ports: (UInt16, UInt16)
    ) -> ApplicationProtocol? {
        if interests.wantsToKnow(.smb), SMBMessage.begins(bytes) { return .smb }
        if interests.wantsToKnow(.dcerpc), RPCMessage.begins(bytes) { return .dcerpc }
        if TPKTMessage.begins(bytes), let message = TPKTMessage(bytes) {
            if message.isS7Opening {
                if interests.wantsToKnow(.s7) { return .s7 }
            } else if message.isConnection, interests.wantsToKnow(.rdp) {
                return .rdp
            }
        }
        if ports.0 == 502 || ports.1 == 502, interests.wantsToKnow(.modbus), ModbusMessage.begins(bytes) {
            return .modbus
        }
        if interests.wantsToKnow(.mqtt), MQTTMessage.isConnect(bytes) { return .mqtt }
        return nil
    }
}
