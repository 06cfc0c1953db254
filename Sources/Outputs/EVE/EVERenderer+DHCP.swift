// EVE `dhcp` events: one per message.

import NetTypes

extension EVERenderer {
    func render(dhcp fields: FieldIndex, into json: inout JSONWriter) {
        json.beginObject("dhcp")
        if let operation = fields.first(.dhcpOperation) {
            json.member("type", operation.integer == 2 ? "reply" : "request")
        }
        json.member("id", integer: .dhcpID, of: fields)
        if let address = fields.first(.dhcpClientMAC), address.value.count == 6 {
            json.member("client_mac", MACAddress(bits: address.integer))
        }
        json.member("assigned_ip", address: .dhcpAssignedAddress, of: fields)
        json.member("client_ip", address: .dhcpClientAddress, of: fields)
        json.member("relay_ip", address: .dhcpRelayAddress, of: fields)
        json.member("next_server_ip", address: .dhcpNextServer, of: fields)
        if let type = fields.first(.dhcpMessageType), let name = Self.messageType(type.integer) {
            json.member("dhcp_type", name)
        }
        json.member("lease_time", integer: .dhcpLeaseTime, of: fields)
        json.member("renewal_time", integer: .dhcpRenewalTime, of: fields)
        json.member("rebinding_time", integer: .dhcpRebindingTime, of: fields)
        json.member("requested_ip", address: .dhcpRequestedAddress, of: fields)
        if let mask = fields.first(.dhcpSubnetMask), mask.value.count == 4 {
            // No address, so it has no pseudonym.
            json.write(key: "subnet_mask")
            json.buffer.append(UInt8(ascii: "\""))
            json.buffer.append(IPAddress(networkOrder: mask.value))
            json.buffer.append(UInt8(ascii: "\""))
        }
        json.member("routers", addresses: .dhcpRouter, of: fields)
        json.member("hostname", text: .dhcpHostName, of: fields)
        json.member("dns_servers", addresses: .dhcpNameServer, of: fields)
        json.member("vendor_class_identifier", text: .dhcpVendorClass, of: fields)
        json.endObject()
    }

    /// The name of a message type (RFC 2132, section 9.6).
    private static func messageType(_ number: UInt64) -> StaticString? {
        switch number {
        case 1: "discover"
        case 2: "offer"
        case 3: "request"
        case 4: "decline"
        case 5: "ack"
        case 6: "nak"
        case 7: "release"
        case 8: "inform"
        default: nil
        }
    }
}
