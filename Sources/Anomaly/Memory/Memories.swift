// What the detector remembers of each entity. Every struct is plain memory, so that tables can hold it flat.

/// Of a client and a server.
struct LinkMemory {
    var evidence: InlineArray<29, Evidence> = .init(repeating: Evidence())
    /// One bit for each feature of the scope that has evidence.
    var noted: UInt32 = 0
    var ports = WindowCount()
    var failedPorts = WindowCount()
    var firstStart: UInt32 = 0
    var lastStart: UInt32 = 0
    /// What the novelty of the peer was worth when the link was new, and in how many minutes it was used since.
    var novelty: Float = 0
    var minutes: UInt32 = 0
    var lastMinute: UInt32 = 0
}

/// Of a client and a port, whatever the server.
struct ServiceMemory {
    var evidence: InlineArray<4, Evidence> = .init(repeating: Evidence())
    var noted: UInt32 = 0
    var hosts = WindowCount()
    var hostsLong = WindowCount()
    var failedHosts = WindowCount()
    /// Peers that the client turned to for the first time.
    var firsts = WindowCount()
    /// Rows taken for calibration in the current slot of time.
    var rowSlot: UInt32 = 0
    var rows: UInt32 = 0
}

/// Of a client, a server and its port.
struct TupleMemory {
    var evidence: InlineArray<22, Evidence> = .init(repeating: Evidence())
    var noted: UInt32 = 0
    var sessionsShort = WindowCount()
    var sessions = WindowCount()
    var sessionsLong = WindowCount()
    var lastStart: UInt32 = 0
    var lastFailure: UInt32 = 0
    /// Starts of the last connections in milliseconds, and how many there were.
    var starts: InlineArray<12, UInt32> = .init(repeating: 0)
    var startCount: UInt32 = 0
    var refused = WindowCount()
    var requests = WindowCount()
    var calls = CallSizes()
}

/// Of a server's port, whoever the client.
struct ServerMemory {
    var evidence: InlineArray<4, Evidence> = .init(repeating: Evidence())
    var noted: UInt32 = 0
    /// Connections that are open.
    var open: UInt32 = 0
    var requests = WindowCount()
}

/// Of a host.
struct HostMemory {
    var evidence: InlineArray<9, Evidence> = .init(repeating: Evidence())
    var noted: UInt32 = 0
    var firstSeen: UInt32 = 0
    var sources = WindowCount()
    var newSources = WindowCount()
    var failures = WindowCount()
    var startsShort = WindowCount()
    var starts = WindowCount()
    var backscatter = WindowCount()
    /// Last tick at which an incident held the host, zero for never: nothing is learned from it for a while.
    var lastIncident: UInt32 = 0
    /// When scoring was last skipped or done for a burst of this host, to bound the work of a flood.
    var lastScored: UInt32 = 0
    /// Ports of administration that the host was asked on and that it asked others on.
    var administration: UInt32 = 0
    var contacts = ContactWalk()
    var reflectors = WindowCount()
    var uploads = UploadBalance()
}

/// Of a client and a registered domain.
struct DomainMemory {
    var evidence: InlineArray<10, Evidence> = .init(repeating: Evidence())
    var noted: UInt32 = 0
    var names = WindowCount()
    var queries = WindowCount()
    /// Length and entropy of the names, fading with each new one.
    var meanLength: Float = 0
    var meanEntropy: Float = 0
    var answerBytes: Float = 0
    /// Whether a name of it was found.
    var answers: UInt32 = 0
    var novelty: Float = 0
}

/// Of a flow that lives longer than one record, or that DNS messages belong to.
struct FlowMemory {
    var bytesUp: UInt64 = 0
    var bytesDown: UInt64 = 0
    var packets: UInt64 = 0
    var firstStart: UInt32 = 0
    /// Key of the client and the first domain asked for; zero for none.
    var domain: UInt64 = 0
}
