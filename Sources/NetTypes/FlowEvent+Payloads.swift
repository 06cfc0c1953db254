// What events without a flow carry.

/// An ARP packet for IPv4 (RFC 826).
@frozen
public struct ARPMessage: Hashable, Sendable {
    /// 1 request, 2 reply.
    public var operation: UInt16
    public var senderMAC: MACAddress
    public var senderIP: IPAddress
    public var targetMAC: MACAddress
    public var targetIP: IPAddress
    /// The frame's own addresses, which an honest sender repeats.
    public var frameSource: MACAddress
    public var frameDestination: MACAddress

    @inlinable
    public init(
        operation: UInt16, senderMAC: MACAddress, senderIP: IPAddress, targetMAC: MACAddress, targetIP: IPAddress,
        frameSource: MACAddress, frameDestination: MACAddress
    ) {
        self.operation = operation
        self.senderMAC = senderMAC
        self.senderIP = senderIP
        self.targetMAC = targetMAC
        self.targetIP = targetIP
        self.frameSource = frameSource
        self.frameDestination = frameDestination
    }
}

/// An ICMP error and the packet it is about.
@frozen
public struct ICMPErrorMessage: Hashable, Sendable {
    public var type: UInt8
    public var code: UInt8
    /// Who sent the error.
    public var sender: IPAddress
    /// The offending packet as quoted: its source and destination, protocol and ports (zero when not quoted).
    public var source: IPAddress
    public var destination: IPAddress
    public var transport: UInt8
    public var sourcePort: UInt16
    public var destinationPort: UInt16

    @inlinable
    public init(
        type: UInt8, code: UInt8, sender: IPAddress, source: IPAddress, destination: IPAddress, transport: UInt8,
        sourcePort: UInt16, destinationPort: UInt16
    ) {
        self.type = type
        self.code = code
        self.sender = sender
        self.source = source
        self.destination = destination
        self.transport = transport
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
    }
}

/// A decoding fault and where the packet came from, as far as its layers were read.
@frozen
public struct FaultMessage: Hashable, Sendable {
    public var fault: DecodeFault
    /// Whether the network layer was read, so that `key` holds addresses.
    public var hasKey: Bool
    public var sourceIsFirst: Bool
    public var key: FlowKey

    @inlinable
    public init(fault: DecodeFault, hasKey: Bool, sourceIsFirst: Bool, key: FlowKey) {
        self.fault = fault
        self.hasKey = hasKey
        self.sourceIsFirst = sourceIsFirst
        self.key = key
    }
}
