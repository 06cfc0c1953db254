// DHCP for IPv4 (RFC 2131, options after RFC 2132).

import NetTypes

/// Reads DHCP messages.
enum DHCPMessage {
    /// Length of the fixed part, before the magic cookie.
    static let fixedLength = 236
    static let magicCookie: UInt32 = 0x6382_5363
    /// Routers and name servers that a record holds, each.
    static let maximumAddresses = 8

    static func isPort(_ port: UInt16) -> Bool {
        port == 67 || port == 68
    }

    /// Whether a payload is a DHCP message: a BOOTP operation and the magic cookie.
    static func isPlausible(_ message: ApplicationReader) -> Bool {
        var reader = message
        guard let operation = reader.uint8(), operation == 1 || operation == 2 else { return false }
        return reader.seek(to: fixedLength) && reader.uint32() == magicCookie
    }

    /// Writes the fields of one message.
    ///
    /// - Parameters:
    ///   - message: the captured bytes of the message.
    ///   - isCut: whether the message goes on behind what was captured.
    ///   - fields: where its fields go.
    static func write(_ message: ApplicationReader, isCut: Bool, to fields: inout FieldWriter) -> MessageVerdict {
        var reader = message
        guard isPlausible(message), let operation = reader.uint8(), reader.skip(3), let id = reader.uint32(),
            reader.skip(4), let client = reader.uint32(), let assigned = reader.uint32(),
            let nextServer = reader.uint32(), let relay = reader.uint32(), let hardware = reader.take(6)
        else { return .malformed }
        fields.append(.dhcpOperation, operation)
        fields.append(.dhcpID, id)
        fields.append(.dhcpClientMAC, hardware.unread)
        fields.append(.dhcpClientAddress, client)
        fields.append(.dhcpAssignedAddress, assigned)
        fields.append(.dhcpNextServer, nextServer)
        fields.append(.dhcpRelayAddress, relay)

        guard reader.seek(to: fixedLength + 4) else { return .malformed }
        while let option = reader.uint8() {
            if option == 0 { continue }
            if option == 255 { return .whole }
            guard let length = reader.uint8(), let value = reader.take(Int(length)) else { break }
            write(option, value, to: &fields)
        }
        return isCut ? .partial : .malformed
    }

    private static func write(_ option: UInt8, _ value: ApplicationReader, to fields: inout FieldWriter) {
        switch option {
        case 1: writeAddresses(.dhcpSubnetMask, value, limit: 1, to: &fields)
        case 3: writeAddresses(.dhcpRouter, value, limit: maximumAddresses, to: &fields)
        case 6: writeAddresses(.dhcpNameServer, value, limit: maximumAddresses, to: &fields)
        case 12: fields.append(.dhcpHostName, value.unread)
        case 50: writeAddresses(.dhcpRequestedAddress, value, limit: 1, to: &fields)
        case 51: writeNumber(.dhcpLeaseTime, value, to: &fields)
        case 53:
            if value.length == 1 { fields.append(.dhcpMessageType, value.unread) }
        case 58: writeNumber(.dhcpRenewalTime, value, to: &fields)
        case 59: writeNumber(.dhcpRebindingTime, value, to: &fields)
        case 60: fields.append(.dhcpVendorClass, value.unread)
        default: break
        }
    }

    private static func writeAddresses(
        _ field: ApplicationField, _ value: ApplicationReader, limit: Int, to fields: inout FieldWriter
    ) {
        var reader = value
        var written = 0
        while written < limit, let address = reader.uint32() {
            fields.append(field, address)
            written += 1
        }
    }

    private static func writeNumber(
        _ field: ApplicationField, _ value: ApplicationReader, to fields: inout FieldWriter
    ) {
        var reader = value
        if value.length == 4, let number = reader.uint32() { fields.append(field, number) }
    }
}
