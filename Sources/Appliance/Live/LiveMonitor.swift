// What is known of a live run at this moment.

import Glibc
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
        /// How the detector stood at the last whole second; nil without one.
        var detector: DetectorStanding?
        /// From a batch's last packet to its lines being handed over.
        var delays = LatencyHistogram()
        /// What came of the last self-test; nil before the first.
        var selftest: Selftest.Outcome?
    }

    private let figures = Mutex(Figures())
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

    func note(_ detector: DetectorStanding) {
        figures.withLock { $0.detector = detector }
    }

    func note(_ selftest: Selftest.Outcome) {
        figures.withLock { $0.selftest = selftest }
    }

    /// Takes note that everything up to a moment was written.
    func note(written time: Timestamp) {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let delay = Double(now.tv_sec) + Double(now.tv_nsec) / 1e9 - Double(time.nanoseconds) / 1e9
        figures.withLock { $0.delays.add(seconds: delay) }
    }

    func note(lost: UInt64) {
        figures.withLock { $0.lost += lost }
    }
}
