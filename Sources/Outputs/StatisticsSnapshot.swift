// What the appliance has counted up to some moment.

import NetTypes

/// Counters of all stages at one moment of packet time.
public struct StatisticsSnapshot: Sendable {
    /// The moment.
    public var time: Timestamp
    /// Packet time since the first packet, in whole seconds.
    public var uptime: Int64
    public var decode: DecodeCounters
    public var table: TableCounters
    /// Alerts raised, and withheld because the operator wants it so, up to the batch of the moment.
    public var alerts: UInt64
    public var suppressedAlerts: UInt64
    /// What the kernel counted; nil when nothing is captured live.
    public var capture: CaptureCounters?
    /// How outputs stand; empty when nothing is captured live.
    public var outputs: [SinkCounters] = []

    public init(
        time: Timestamp, uptime: Int64, decode: DecodeCounters, table: TableCounters, alerts: UInt64 = 0,
        suppressedAlerts: UInt64 = 0, capture: CaptureCounters? = nil
    ) {
        self.time = time
        self.uptime = uptime
        self.decode = decode
        self.table = table
        self.alerts = alerts
        self.capture = capture
        self.suppressedAlerts = suppressedAlerts
    }
}
