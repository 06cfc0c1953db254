// Classifies each flow of a replay when it ends.

import NetTypes
import Shaper

/// Counts flows and bytes by class and rule, and against the truth where it is known.
final class ClassObserver: EventObserver {
    /// Flows, bytes and the rules behind them, by class.
    struct Counts {
        var flows = [Int](repeating: 0, count: TrafficClass.count)
        var bytes = [UInt64](repeating: 0, count: TrafficClass.count)
        var rules: [[String: Int]] = Array(repeating: [:], count: TrafficClass.count)
    }

    private let classifier: FlowClassifier
    private let truth: TruthFile?
    private(set) var counts = Counts()
    private(set) var confusion = ClassConfusion()

    init(classifier: FlowClassifier, truth: TruthFile?) {
        self.classifier = classifier
        self.truth = truth
    }

    var interests: FlowEventKinds { .closed }

    func observe(_ event: StreamEvent, annotations: inout FlowAnnotations) {
        let flow = event.flow
        guard flow.packets >= Classification.leastPackets else { return }
        let verdict = classifier.verdict(flow)
        let lane = verdict.trafficClass.rawValue
        counts.flows[lane] += 1
        counts.bytes[lane] += flow.bytes
        counts.rules[lane][verdict.rule ?? "no rule", default: 0] += 1
        if let truth {
            confusion.add(truth: truth.trafficClass(of: flow), verdict: verdict)
        }
    }
}
