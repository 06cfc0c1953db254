// A flow as the table stores it and as everyone else sees it: five cache lines.

/// One flow. Inside the table this is the live record; everywhere else it is a consistent copy.
///
/// "Client" is the side that opened the flow as far as can be told, "server" the other one. The layout is fixed: the
/// table updates single fields in place (see `FlowTable/RecordHandle`), so a new field must keep each part at 64 bytes.
@frozen
public struct FlowRecord: Sendable {
    public var identity = FlowIdentity()
    /// Packets from client to server.
    public var toServer = DirectionStatistics()
    /// Packets from server to client.
    public var toClient = DirectionStatistics()
    public var firstPackets = FirstPackets()
    public var details = FlowDetails()

    @inlinable
    public init() {}

    @inlinable
    public var key: FlowKey { identity.key }

    @inlinable
    public var client: (address: IPAddress, port: UInt16) {
        identity.status.contains(.clientIsFirst)
            ? (key.firstAddress, key.firstPort) : (key.secondAddress, key.secondPort)
    }

    @inlinable
    public var server: (address: IPAddress, port: UInt16) {
        identity.status.contains(.clientIsFirst)
            ? (key.secondAddress, key.secondPort) : (key.firstAddress, key.firstPort)
    }

    /// When the first packet of this record was captured.
    @inlinable
    public var start: Timestamp {
        let server = details.firstToServer
        let client = details.firstToClient
        if toServer.packets == 0 { return Timestamp(nanoseconds: client) }
        if toClient.packets == 0 { return Timestamp(nanoseconds: server) }
        return Timestamp(nanoseconds: min(server, client))
    }

    /// When the last packet of the flow was captured.
    @inlinable
    public var end: Timestamp {
        Timestamp(nanoseconds: max(toServer.lastSeen, toClient.lastSeen))
    }

    /// Packets of both directions.
    @inlinable
    public var packets: UInt64 { UInt64(toServer.packets) + UInt64(toClient.packets) }

    /// Bytes of both directions.
    @inlinable
    public var bytes: UInt64 { toServer.bytes &+ toClient.bytes }

    /// The TCP connection's round-trip time in microseconds from its handshake; nil when it was not seen whole.
    @inlinable
    public var handshakeRoundTrip: UInt32? {
        details.serverRoundTrip == 0 || details.clientRoundTrip == 0
            ? nil : details.serverRoundTrip &+ details.clientRoundTrip
    }
}
