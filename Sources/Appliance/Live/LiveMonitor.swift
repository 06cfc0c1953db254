// What is known of a live run at this moment.

import NetTypes
import Outputs
import Synchronization

/// Figures that the pipeline leaves for whoever asks: status, watchdog, self-test. Any thread may call it.
final class LiveMonitor: Sendable {
    /// The figures of one moment.
    struct Figures: Sendable {
        /// Counters at the last whole second of packet time; nil before the first packet.
        var snapshot: StatisticsSnapshot?
        var capture = CaptureState(counters: CaptureCounters(), backlog: 0)
        var overload = OverloadLevel.none
        /// Packets that the kernel dropped, in the order of `loss` events.
        var lost: UInt64 = 0
        /// Incidents that alerts opened.
        var incidents = 0
        /// When scores were calibrated last and the score that opens incidents; nil when nothing is detected.
        var model: (lastFit: Timestamp, threshold: Float)?
    }

    private let figures = Mutex(Figures())
    /// From a whole second of packet time until it was analysed.
    let delay = DelayHistogram()
    private let reads = Atomic<Int>(0)

    /// Times that the pipeline has asked for packets: it grows as long as the pipeline lives.
    var heartbeat: Int { reads.load(ordering: .relaxed) }

    var current: Figures { figures.withLock { $0 } }

    func beat() {
        reads.add(1, ordering: .relaxed)
    }

    func note(_ snapshot: StatisticsSnapshot) {
        figures.withLock { $0.snapshot = snapshot }
    }

    func note(_ capture: CaptureState) {
        figures.withLock { $0.capture = capture }
    }

    func note(_ overload: OverloadLevel) {
        figures.withLock { $0.overload = overload }
    }

    func note(incidents: Int, model: (lastFit: Timestamp, threshold: Float)?) {
        figures.withLock {
            $0.incidents += incidents
            $0.model = model
        }
    }

    func note(lost: UInt64) {
        figures.withLock { $0.lost += lost }
    }
}
