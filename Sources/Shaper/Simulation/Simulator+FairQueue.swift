// FQ-CoDel on every path: what a Linux router does today when nobody configures it.

extension Simulator {
    mutating func serveFairly(path: Int, rate: Double, at now: Double) {
        let base = path * TrafficClass.count
        for trafficClass in 0..<TrafficClass.count {
            let bits = incoming[base + trafficClass]
            telemetry.arrived[path][trafficClass] += bits.sum()
            last.offered += bits
            acceptance[base + trafficClass] = 1
        }
        let current = substep
        let propagation = propagation[path]
        var delivered = ClassVector()
        var delay = ClassVector()
        var dropped = ClassVector()
        var histograms = latency
        latency = []
        fairQueues[path].serve(
            rate * Scenario.substep, substep: Int32(truncatingIfNeeded: substep), at: now,
            deliver: { bits, entered, busy in
                let within = 0.5 * Scenario.substep * (busy ? 1 : 0.3)
                let seconds = Double(current - Int(entered)) * Scenario.substep + within + propagation
                delivered += bits
                delay += bits * seconds
                for lane in 0..<TrafficClass.count where bits[lane] > 0 {
                    histograms[lane].add(seconds, weight: bits[lane])
                }
            },
            drop: { dropped += $0 })
        latency = histograms
        last.delivered += delivered
        last.delay += delay
        last.dropped += dropped
        // One set of queues serves all classes, so counters below the path do not exist.
        telemetry.served[path][0] += delivered.sum()
        telemetry.dropped[path][0] += dropped.sum()
        telemetry.backlog[path][0] += fairQueues[path].backlog / Double(Scenario.substepsPerInterval)
    }
}
