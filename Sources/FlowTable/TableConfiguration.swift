// What a flow table is made with.

/// Timeouts of a flow table, in whole seconds of packet time.
public struct FlowTimeouts: Sendable, Equatable {
    /// TCP before its handshake is complete.
    public var tcpOpening = 30
    public var tcpEstablished = 120
    /// TCP after one side's FIN.
    public var tcpClosing = 30
    /// TCP after both FINs or a reset: time for stragglers.
    public var tcpClosed = 5
    public var udpUnanswered = 30
    public var udpAnswered = 30
    /// ICMP, SCTP and everything else.
    public var otherUnanswered = 30
    public var otherAnswered = 30
    /// A flow that is alive for this long is published and goes on with fresh counters.
    public var active = 60

    public init() {}
}

/// Size and behaviour of a flow table, fixed at creation.
public struct TableConfiguration: Sendable, Equatable {
    /// Memory for records and index, in bytes; all of it is reserved at creation, touched as it is needed.
    public var memory = 512 << 20
    public var timeouts = FlowTimeouts()

    public init() {}
}
