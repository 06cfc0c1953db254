// Where a made-up conversation takes place.

/// A transport protocol and a server port.
public struct Service: Sendable {
    public let transport: UInt8
    public let port: UInt16

    public static func tcp(_ port: UInt16) -> Service { Service(transport: 6, port: port) }

    public static func udp(_ port: UInt16) -> Service { Service(transport: 17, port: port) }
}
