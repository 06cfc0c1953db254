// Leaves figures of the analysis with the monitor.

import Anomaly
import Glibc
import NetTypes

/// Counts incidents, and notes once a second how old the model is and how far analysis is behind the clock. Stands behind
/// the detector among the observers. Called by one thread at a time.
final class MonitorObserver: EventObserver {
    private let monitor: LiveMonitor
    private let detection: DetectionObserver?
    private var incidents = 0

    let interests = AnomalyDetector.interests.union(.tick)

    init(_ monitor: LiveMonitor, _ detection: DetectionObserver?) {
        self.monitor = monitor
        self.detection = detection
    }

    func observe(_ event: StreamEvent, annotations: inout FlowAnnotations) {
        let current = annotations.current
        for raised in annotations.alerts.reversed().prefix(while: { $0.event == current })
        where raised.alert.stage == .opened {
            incidents += 1
        }
        guard event.kind == .tick else { return }
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        monitor.delay.add(seconds: Double(now.tv_sec) + Double(now.tv_nsec) / 1e9 - Double(event.time.nanoseconds) / 1e9)
        monitor.note(incidents: incidents, model: detection.map { ($0.lastFit, $0.threshold) })
        incidents = 0
    }
}
