// Demand for the simulator from the flows of a capture.

import NetTypes
import Shaper

/// Turns each flow of a replay into a flow of a demand trace: voice and video with the rate that they had, everything else
/// with the bytes that it carried, at the times of the capture.
final class CaptureDemand: EventObserver {
    private let classifier: FlowClassifier
    private var flows: [FlowDemand] = []

    init(classifier: FlowClassifier) {
        self.classifier = classifier
    }

    var interests: FlowEventKinds { .closed }

    func observe(_ event: StreamEvent, annotations: inout FlowAnnotations) {
        let flow = event.flow
        let bits = 8 * Double(flow.bytes)
        let start = Double(flow.start.nanoseconds) / 1e9
        let lasting = max(Double(flow.end.nanoseconds) / 1e9 - start, Scenario.interval)
        // Where the hash falls must be the same in every run, so it comes from the flow's number and not from a seed.
        let hash = Double(flow.details.flowID &* 0x9e37_79b9_7f4a_7c15 >> 11) * 0x1p-53
        func append(_ kind: TrafficKind, _ amount: Double, end: Double) {
            flows.append(
                FlowDemand(
                    start: start, kind: kind, amount: amount, end: end, phase: 0, hash: hash, flaggedAt: .infinity))
        }
        switch classifier.verdict(flow).trafficClass {
        case .voice: append(.voice, bits / lasting, end: start + lasting)
        case .video: append(.video, bits / lasting / DemandTrace.videoShare, end: start + lasting)
        case .web: append(.web, bits, end: .infinity)
        case .bulk, .quarantine: append(.bulk, bits, end: .infinity)
        }
    }

    /// The busiest stretch of the capture, with all amounts scaled by one factor so that the offered load is the
    /// scenario's share of its contracts.
    ///
    /// - Returns: The flows from second zero on, when the stretch began in the capture, and the factor; nil when the capture
    ///   holds no flow.
    func busiest(_ scenario: Scenario) -> (flows: [FlowDemand], start: Double, factor: Double)? {
        let sorted = flows.sorted {
            ($0.start, $0.amount, $0.hash) < ($1.start, $1.amount, $1.hash)
        }
        guard let first = sorted.first, let last = sorted.last else { return nil }
        let count = Int((last.start - first.start) / scenario.duration) + 1
        var sums = [Double](repeating: 0, count: count)
        for flow in sorted { sums[Int((flow.start - first.start) / scenario.duration)] += Self.bits(flow) }
        guard let busiest = sums.indices.max(by: { sums[$0] < sums[$1] }), sums[busiest] > 0 else { return nil }
        let start = first.start + Double(busiest) * scenario.duration
        let factor = scenario.load * scenario.nominal.sum() * scenario.duration / sums[busiest]
        let inside = sorted.filter { $0.start >= start && $0.start < start + scenario.duration }.map { flow in
            var flow = flow
            flow.start -= start
            flow.end -= start
            flow.amount *= factor
            return flow
        }
        return (inside, start, factor)
    }

    private static func bits(_ flow: FlowDemand) -> Double {
        switch flow.kind {
        case .voice: flow.amount * (flow.end - flow.start)
        case .video: flow.amount * DemandTrace.videoShare * (flow.end - flow.start)
        case .web, .bulk, .backup, .attack: flow.amount
        }
    }
}
