// What a live run is asked to do.

import Anomaly
import Capture
import FlowTable
import NetTypes
import Outputs

/// Everything that decides what a live run does. Defaults are those of the command line and of the configuration file.
public struct LiveSettings: Sendable {
    /// What a live run has in common with a replay: flow table, event types, detection.
    public var analysis = ReplaySettings()
    var capture = LiveCaptureOptions()
    var outputs: [OutputSettings] {
        get { analysis.outputs }
        set { analysis.outputs = newValue }
    }
    /// Path of the socket that `leptonnet status` asks; nil for none.
    public var statusSocket: String?
    /// Where Prometheus may ask for metrics; nil for nowhere.
    public var metrics: ListenAddress?
    /// The user to become once the interfaces are open; nil keeps the present one.
    public var user: String?
    /// Whether files and system calls are confined, as far as the kernel can.
    public var isConfined = true
    /// Seconds after which the run ends by itself; nil for never.
    public var duration: Int?
    var selftest = SelftestRule()
    /// The folder that outlives a run: checkpoint, ledger, recommendations; nil keeps nothing.
    public var stateFolder: String?
    /// Seconds of packet time between two checkpoints.
    var checkpointInterval = 300
    /// What becomes of findings; nil when nothing is recommended.
    var advice: AdviceSettings?
    /// The configuration file, to be read again.
    public var configurationPath: String?
    /// Folders that a reload reads from.
    var readFolders: [String] = []

    public init() {
        analysis.showsProgress = false
        analysis.workers = 1
    }

    /// Writes `eve.json` and `leptonnet.json` into a folder, besides what a configuration file says.
    public mutating func write(into folder: String) {
        outputs.append(OutputSettings(.eve, FileTarget(path: folder + "/eve.json")))
        if analysis.writesSupplement {
            outputs.append(OutputSettings(.supplement, FileTarget(path: folder + "/leptonnet.json")))
        }
    }

    /// Sets how packets are captured; what is nil or empty stays.
    ///
    /// - Throws: `UserError` for sizes that cannot be.
    public mutating func setCapture(
        interfaces: [String], filter: String?, snapLength: Int?, ring: Int?, isPromiscuous: Bool?
    ) throws(UserError) {
        if !interfaces.isEmpty { capture.interfaces = interfaces }
        if let filter { capture.filter = filter }
        if let snapLength {
            guard (64...CaptureLimits.frameLength).contains(snapLength) else {
                throw UserError("--snap-length takes a number from 64 to \(CaptureLimits.frameLength)")
            }
            capture.snapLength = snapLength
        }
        if let ring {
            guard LiveCaptureOptions.ringRange.contains(ring) else {
                throw UserError("--ring takes a size from 1MiB to 4GiB")
            }
            capture.ringBytes = ring
        }
        if let isPromiscuous { capture.isPromiscuous = isPromiscuous }
    }

    /// Has findings answered as a site file says.
    ///
    /// - Parameter mode: observe, suggest or auto; overrides the file's.
    public mutating func recommend(site path: String, mode: String?) throws(UserError) {
        advice = try AdviceSettings(sitePath: path, mode: mode)
        if let slash = path.lastIndex(of: "/") { readFolders.append(String(path[..<slash])) }
    }

    /// Sets the time between two checkpoints from text such as `5m`; false when it is no duration.
    public mutating func setCheckpointInterval(_ text: String) -> Bool {
        guard let seconds = Self.seconds(text), seconds > 0 else { return false }
        checkpointInterval = seconds
        return true
    }

    /// Seconds from text such as `90s` or `15m`; nil for anything else.
    public static func seconds(_ text: String) -> Int? {
        ReplaySettings.secondCount(text)
    }
}

/// When the appliance tests itself.
struct SelftestRule: Sendable, Equatable {
    /// Seconds that a fault may go unnoticed; nil tests only when asked.
    var every: Int?
    /// Seconds within which an alert has to be in every output.
    var within = 30

    /// Nanoseconds between the beginnings of two tests: what breaks behind one is told by the end of the next.
    var interval: Int64? { every.map { Int64($0 - within) * 1_000_000_000 } }
}
