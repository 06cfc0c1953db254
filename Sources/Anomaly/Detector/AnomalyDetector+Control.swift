// What controllers are told: functions of Modbus and S7 that a host never used with them.

import NetTypes

extension AnomalyDetector {
    /// Notes the novelty of a function that changes something, between a host and a controller, by how rarely the host does so
    /// among all that it asks of controllers. A panel that has read for years and writes today has no new peer and no new port.
    /// What only reads is told by the novelty of peer and port.
    func noteControl(
        _ fields: FieldReader, _ application: ApplicationProtocol, _ keys: FlowKeys, _ link: Int, grace: Bool
    ) {
        guard let function = fields.first(application == .s7 ? .s7Function : .modbusFunction)?.integer,
            fields.first(.modbusException) == nil
        else { return }
        let group = fields.first(.s7Group)?.integer
        let code = 60 << 32 | UInt64(application.rawValue) << 16 | (group ?? 0xff) << 8 | function
        let changes = application == .s7 ? Self.changes(s7: function, group: group) : Self.changes(modbus: function)
        let thing = noveltyKey(.controlFunction, of: KeyMixer.combine(keys.link, code))
        let isNew = changes && known.insert(thing, now).isNew
        let value = novelty(.controlFunction, isNew: isNew, for: keys.clientKey, grace: grace)
        note(.controlFunction, link: link, value, Float(function))
    }

    /// Modbus Application Protocol Specification 1.1b3: writing coils and registers (5, 6, 15, 16, 22, 23) and files (21), and
    /// diagnostics (8), which can restart a device and silence it.
    private static func changes(modbus function: UInt64) -> Bool {
        switch function {
        case 5, 6, 8, 15, 16, 21, 22, 23: true
        default: false
        }
    }

    /// Jobs of S7 that write variables (05), download blocks (1A to 1C), control (28) or stop (29) a controller; user data that
    /// programs (group 1), handles blocks (3) or sets the clock (7). Numbers as in Wireshark's dissector.
    private static func changes(s7 function: UInt64, group: UInt64?) -> Bool {
        if let group { return group == 1 || group == 3 || group == 7 }
        switch function {
        case 0x05, 0x1a, 0x1b, 0x1c, 0x28, 0x29: return true
        default: return false
        }
    }
}
