// How an output stands, in figures.

/// Counters of one output since it was opened. All but `queuedBytes` and `spooledBytes` only grow.
public struct SinkCounters: Sendable, Equatable {
    /// What messages and reports call the output, unique within a run.
    public var name: String
    /// What the events are written as: `eve`, `supplement`, `ecs`, `ocsf`, `cef`.
    public var format: String
    /// How they leave: `file`, `unix`, `udp`, `tcp`, `tls`.
    public var transport: String
    /// Bytes that wait in memory.
    public var queuedBytes = 0
    /// Events that were handed over.
    public var written: UInt64 = 0
    /// Events that found no room and were left out, and the alerts among them.
    public var shed: UInt64 = 0
    public var shedAlerts: UInt64 = 0
    /// Events that the place did not take for good, as a full disk without a spool.
    public var lost: UInt64 = 0
    /// Events that were sent again after a connection broke: the receiver may have them twice.
    public var repeated: UInt64 = 0
    /// Connections made after the first one.
    public var reconnects: UInt64 = 0
    /// Bytes in the spool on disk that are not known to have arrived.
    public var spooledBytes = 0
    /// Records at the end of a spool that a crash had left half-written, and that were dropped.
    public var tornRecords: UInt64 = 0
    /// Whether the place is open, or the last word is that it is.
    public var isConnected = true
    /// What is wrong now, in words; nil while all is well.
    public var failure: String?

    public init(name: String, format: String, transport: String) {
        self.name = name
        self.format = format
        self.transport = transport
    }
}

extension SinkCounters {
    /// Writes the members of an object that describes the output.
    public func write(to json: inout JSONWriter) {
        json.member("name", name)
        json.member("format", format)
        json.member("transport", transport)
        json.member("connected", isConnected)
        json.member("written", written)
        json.member("shed", shed)
        json.member("shed_alerts", shedAlerts)
        json.member("lost", lost)
        json.member("repeated", repeated)
        json.member("reconnects", reconnects)
        json.member("torn_records", tornRecords)
        json.member("queued_bytes", queuedBytes)
        json.member("spooled_bytes", spooledBytes)
        if let failure { json.member("failure", failure) }
    }
}
