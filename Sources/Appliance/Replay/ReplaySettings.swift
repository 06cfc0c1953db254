// What a replay is asked to do.

import Anomaly
import Digest
import FlowTable
import Glibc
import NetTypes
import Outputs

/// Everything that decides what a replay does. Defaults are those of the command line.
public struct ReplaySettings: Sendable {
    /// Processors that are there, eight at most: what cannot be divided keeps more from helping.
    static let processors = min(8, max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))

    /// Capture files, "-" for standard input.
    public var paths: [String] = []
    /// BPF expression; nil for all packets.
    public var filter: String?
    /// Folder for `eve.json` and `leptonnet.json`; nil writes no log.
    public var output: String?
    /// Event types to write.
    public var events = EVEEventTypes.all
    /// Whether to write `leptonnet.json` beside `eve.json`.
    public var writesSupplement = true
    /// Threads that work; the logs are the same for any number.
    public var workers = ReplaySettings.processors
    /// The flow table; its timeouts are the prompt ones.
    public var table = TableConfiguration(timeouts: .prompt)
    /// Memory for application parsing: payload heads, records in the making, segment buffers.
    public var applicationMemory = 256 << 20
    #if NDPI
        /// Memory for what is kept to name flows, and as much again for what libndpi allocates for those it looks at.
        public var namingMemory = 64 << 20
    #endif
    /// Secret of the flow hash. The same seed gives the same logs.
    public var seed: UInt64?
    public var communityIDSeed: UInt16 = 0
    /// Name of the sensor in every line; nil leaves it out.
    public var sensor: String?
    /// Seconds of packet time between `stats` records.
    public var statisticsInterval: Int64 = 60
    /// Whether the report is to have a summary of the traffic.
    public var wantsSummary = true
    /// How the detector works; nil leaves it out.
    public var detection: DetectionPolicy? = DetectionPolicy()
    /// What the detector begins with; nil for nothing.
    var model: SavedModel?
    /// Whether the report is to have what the detector learned.
    var savesModel = false
    /// Which addresses are inside, for detection and for the direction of conversations.
    var homeNetworks = HomeNetworks.privateAlone
    /// Alerts to withhold; nil for none.
    var suppressions: SuppressionList?
    /// Rules file by which each flow's traffic class is written to the log; nil writes none.
    public var classRules: String?
    /// Where events go that no folder was named for.
    var outputs: [OutputSettings] = []
    /// Whether a replay uses `outputs`; commands that only read captures do not.
    public var usesOutputs = false
    /// Key of the pseudonyms that stand for addresses in everything that leaves; nil for addresses as they are.
    var pseudonymKey: [UInt8]?
    /// Whether to draw a progress bar when standard error is a terminal.
    public var showsProgress = true

    public init() {}

    /// Bytes for flows, fixed for the whole run.
    public var flowMemory: Int {
        get { table.memory }
        set { table.memory = newValue }
    }

    var hasher: FlowHasher {
        if let seed { return FlowHasher(firstKey: seed, secondKey: ~seed) }
        // With a public secret, flow identifiers would let addresses be searched for.
        guard let pseudonymKey else { return .replay }
        return pseudonymKey.withUnsafeBytes { key in
            let digest = SHA256.digest(of: key)
            let word = { (start: Int) in (start..<(start + 8)).reduce(UInt64(0)) { $0 << 8 | UInt64(digest[$1]) } }
            return FlowHasher(firstKey: word(0), secondKey: word(8))
        }
    }
}
