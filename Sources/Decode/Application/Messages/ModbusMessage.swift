// Modbus over TCP (Modbus Messaging on TCP/IP Implementation Guide, 2006).

import NetTypes

/// The head of a Modbus message.
struct ModbusMessage {
    private let transaction: UInt16
    private let unit: UInt8
    private let function: UInt8
    private let exception: UInt8?
    private let address: UInt16?
    private let quantity: UInt16?

    static func begins(_ bytes: ApplicationReader) -> Bool {
        var reader = bytes
        guard reader.skip(2), reader.uint16() == 0, let length = reader.uint16(), (2...254).contains(length),
            reader.skip(1), let function = reader.uint8()
        else { return false }
        return function & 0x7f != 0
    }

    init?(_ bytes: ApplicationReader, toServer: Bool) {
        guard Self.begins(bytes) else { return nil }
        var reader = bytes
        guard let transaction = reader.uint16(), reader.skip(4), let unit = reader.uint8(),
            let function = reader.uint8()
        else { return nil }
        self.transaction = transaction
        self.unit = unit
        self.function = function & 0x7f
        exception = function & 0x80 != 0 ? reader.uint8() : nil
        // Reads and writes begin with an address, then the number of things, or the one value.
        let hasAddress = toServer && [1, 2, 3, 4, 5, 6, 15, 16, 22, 23].contains(function)
        address = hasAddress ? reader.uint16() : nil
        quantity = hasAddress && ![5, 6, 22].contains(function) ? reader.uint16() : nil
        isRequest = toServer
    }

    private let isRequest: Bool

    /// Whether the connection does this for the first time, or it failed. The functions of the first unit are told apart
    /// exactly; those of other units share 64 places, so that one in many may go unseen.
    func isNews(to state: inout ApplicationSlot, direction: inout StreamDirection) -> Bool {
        guard isRequest else { return exception != nil }
        if state.offeredVersion == 0 { state.offeredVersion = UInt16(unit) + 1 }
        if state.offeredVersion == UInt16(unit) + 1 { return state.isFirstUse(of: Int(function)) }
        let bit: UInt64 = 1 << ((UInt64(unit) &* 0x9e37 &+ UInt64(function) &* 0x85eb) >> 5 & 63)
        defer { direction.header |= bit }
        return direction.header & bit == 0
    }

    func write(to fields: inout FieldWriter) {
        fields.append(.modbusTransaction, transaction)
        fields.append(.modbusUnit, unit)
        fields.append(.modbusFunction, function)
        if let exception { fields.append(.modbusException, exception) }
        if let address { fields.append(.modbusAddress, address) }
        if let quantity { fields.append(.modbusQuantity, quantity) }
    }
}
