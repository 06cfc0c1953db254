// What the operator is told while packets are captured.

import NetTypes

/// Puts lost packets, overload and one-sided traffic into words. Called by one thread at a time.
final class LiveJournal: EventObserver {
    let interests: FlowEventKinds = [.loss, .overload, .closed, .tick]

    private let monitor: LiveMonitor
    private let detection: DetectionObserver?
    private let say: @Sendable (String) -> Void
    /// Packets lost since the last word about it, and when the next one is due.
    private var lost: UInt64 = 0
    private var nextWord = Timestamp.never
    /// TCP flows of some length by whether both directions were seen, in this period.
    private var oneSided = 0
    private var twoSided = 0
    private var periodEnd = Timestamp.never
    private var hasComplained = false

    /// Nanoseconds between two words about loss, and the length of a period in which directions are counted.
    private static let wordInterval: Int64 = 10_000_000_000
    private static let period: Int64 = 60_000_000_000
    /// Flows needed for a verdict, and packets from which a flow should have been answered.
    private static let verdictFlows = 50
    private static let packetsToAnswer: UInt32 = 4

    /// - Parameter detection: the detector, which is called before; nil without one.
    init(_ monitor: LiveMonitor, detection: DetectionObserver?, say: @escaping @Sendable (String) -> Void) {
        self.monitor = monitor
        self.detection = detection
        self.say = say
    }

    func observe(_ event: StreamEvent, annotations: inout FlowAnnotations) {
        switch event.kind {
        case .loss:
            monitor.note(lost: UInt64(event.lost))
            lost += UInt64(event.lost)
            if event.time >= nextWord { tellLoss(event.time) }
        case .overload:
            monitor.note(event.overload)
            say(Self.words(event.overload))
        case .closed: count(event.flow)
        case .tick:
            if let detection { monitor.note(detection.standing) }
            if lost > 0, event.time >= nextWord { tellLoss(event.time) }
            if event.time >= periodEnd { judge(event.time) }
        default: return
        }
    }

    private func tellLoss(_ time: Timestamp) {
        say(
            "the kernel dropped \(lost) packets: reading was behind; a larger ring (--ring), more workers or a filter help, "
                + "and every drop is counted in capture.kernel_drops")
        lost = 0
        nextWord = Timestamp(nanoseconds: time.nanoseconds + Self.wordInterval)
    }

    private static func words(_ level: OverloadLevel) -> String {
        switch level {
        case .none: "overload is over: everything is processed again"
        case .application: "overload: payloads are not parsed until it is over"
        case .statistics: "overload: neither payloads are parsed nor changes of flows published until it is over"
        case .newFlows: "overload: new flows are not opened until it is over; their packets are counted"
        }
    }

    private func count(_ flow: FlowRecord) {
        guard flow.key.transport == IPProtocol.tcp else { return }
        let (up, down) = (flow.toServer.packets, flow.toClient.packets)
        guard max(up, down) >= Self.packetsToAnswer else { return }
        if min(up, down) == 0 { oneSided += 1 } else { twoSided += 1 }
    }

    private func judge(_ time: Timestamp) {
        let isOneSided = oneSided + twoSided >= Self.verdictFlows && oneSided > 9 * twoSided
        if isOneSided, !hasComplained {
            say(
                "only one direction of the traffic arrives (\(oneSided) of \(oneSided + twoSided) TCP flows are one-sided): "
                    + "check that the mirror port or tap gives both, or name the interface of the other direction too")
        } else if hasComplained, !isOneSided, twoSided >= Self.verdictFlows {
            say("both directions of the traffic arrive now")
        }
        if oneSided + twoSided >= Self.verdictFlows { hasComplained = isOneSided }
        (oneSided, twoSided) = (0, 0)
        periodEnd = Timestamp(nanoseconds: time.nanoseconds + Self.period)
    }
}
