// DCE/RPC as far as tests speak it.

/// The beginning of a call: a client binds to an interface, and the server takes it.
enum RemoteCall {
    /// Interfaces by the bytes of their identifiers as they are sent: the endpoint mapper, and the service control manager.
    static let endpointMapper: [UInt8] = [
        0x08, 0x83, 0xaf, 0xe1, 0x1f, 0x5d, 0xc9, 0x11, 0x91, 0xa4, 0x08, 0x00, 0x2b, 0x14, 0xa0, 0xfa,
    ]
    static let services: [UInt8] = [
        0x81, 0xbb, 0x7a, 0x36, 0x44, 0x98, 0xf1, 0x35, 0xad, 0x32, 0x98, 0xf0, 0x38, 0x00, 0x10, 0x03,
    ]
    private static let transfer: [UInt8] = [
        0x04, 0x5d, 0x88, 0x8a, 0xeb, 0x1c, 0xc9, 0x11, 0x9f, 0xe8, 0x08, 0x00, 0x2b, 0x10, 0x48, 0x60, 2, 0, 0, 0,
    ]

    private static func message(_ kind: UInt8, _ body: [UInt8]) -> [UInt8] {
        let length = 16 + body.count
        return [5, 0, kind, 3, 0x10, 0, 0, 0, UInt8(length & 255), UInt8(length >> 8), 0, 0, 1, 0, 0, 0] + body
    }

    /// A binding and its acknowledgement.
    static func binding(to interface: [UInt8]) -> [(delay: Double, up: Bool, bytes: [UInt8])] {
        let sizes: [UInt8] = [0xb8, 0x10, 0xb8, 0x10, 0, 0, 0, 0]
        let bind = sizes + [1, 0, 0, 0, 0, 0, 1, 0] + interface + [2, 0, 0, 0] + transfer
        let accepted = sizes + [4, 0, 0x31, 0x33, 0x35, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0] + transfer
        return [(0, true, message(11, bind)), (0.01, false, message(12, accepted))]
    }
}
