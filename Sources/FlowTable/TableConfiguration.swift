// What a flow table is made with.

/// Timeouts of a flow table, in whole seconds of packet time.
public struct FlowTimeouts: Sendable, Equatable {
    /// TCP before its handshake is complete.
    public var tcpOpening = 30
    public var tcpEstablished = 300
    /// TCP after one side's FIN.
    public var tcpClosing = 60
    /// TCP after both FINs or a reset: time for stragglers.
    public var tcpClosed = 5
    public var udpUnanswered = 30
    public var udpAnswered = 120
    /// ICMP, SCTP and everything else.
    public var otherUnanswered = 30
    public var otherAnswered = 60
    /// A flow that is alive for this long is published and goes on with fresh counters.
    public var active = 300

    public init() {}

    /// Timeouts that publish records while they still are news: what a detector needs.
    public static var prompt: FlowTimeouts {
        var timeouts = FlowTimeouts()
        timeouts.tcpEstablished = 120
        timeouts.tcpClosing = 30
        timeouts.udpAnswered = 30
        timeouts.otherAnswered = 30
        timeouts.active = 60
        return timeouts
    }
}

/// Size and behaviour of a flow table, fixed at creation.
public struct TableConfiguration: Sendable, Equatable {
    /// Memory for records and index, in bytes; all of it is reserved at creation, touched as it is needed.
    public var memory = 512 << 20
    public var timeouts = FlowTimeouts()

    /// - Parameter timeouts: when flows end.
    public init(timeouts: FlowTimeouts = FlowTimeouts()) {
        self.timeouts = timeouts
    }
}
