// A flow as far as recommendations need to know it.

import NetTypes

/// Ends, protocol and score of a flow in the history.
public struct ObservedFlow: Sendable {
    public var client: IPAddress
    public var server: IPAddress
    public var clientPort: UInt16
    public var serverPort: UInt16
    public var transport: UInt8
    /// Traffic class octets of the first packet of each side.
    public var clientMark: UInt8
    public var serverMark: UInt8
    /// Whether client and server completed a TCP handshake, so that neither address is forged.
    public var isConfirmed: Bool
    /// Whether packets travel in a tunnel, where filters of the outer network do not see them.
    public var isTunnelled: Bool
    /// Anomaly score in millionths; nil until the flow has ended.
    public var score: Int64?

    public init(_ record: FlowRecord) {
        (client, clientPort) = record.client
        (server, serverPort) = record.server
        transport = record.key.transport
        clientMark = record.details.clientTrafficClass
        serverMark = record.details.serverTrafficClass
        isTunnelled = record.key.tunnelDepth > 0
        isConfirmed = false
        if record.key.isPortless {
            clientPort = 0
            serverPort = 0
        }
        confirm(record)
    }

    /// Takes note of a handshake: a round trip measured on both of its halves, or data both ways on a connection that
    /// was seen to open.
    public mutating func confirm(_ record: FlowRecord) {
        guard transport == IPProtocol.tcp, !isConfirmed else { return }
        let opened = !record.identity.status.contains(.midstream)
        isConfirmed =
            record.handshakeRoundTrip != nil
            || (opened && record.toServer.payloadBytes > 0 && record.toClient.payloadBytes > 0)
    }

    /// Whether the flow was scored, and below every threshold an alert can have.
    public var isNormal: Bool { score.map { $0 < BlastRadius.normalBelow } ?? false }
}

extension FlowKey {
    /// Whether the protocol has no ports; the key then holds what pairs requests with replies in their place.
    var isPortless: Bool { transport != IPProtocol.tcp && transport != IPProtocol.udp && transport != IPProtocol.sctp }
}
