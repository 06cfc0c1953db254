// The traffic class of each flow, in the flow log.

import NetTypes
import Shaper

/// Attaches a flow's class to its record: `leptonnet.class_voice`, `_video`, `_web` or `_bulk` is 1. Flows with fewer packets
/// than a class is judged by get none.
final class ClassAnnotator: EventObserver {
    private let classifier: FlowClassifier

    init(classifier: FlowClassifier) {
        self.classifier = classifier
    }

    var interests: FlowEventKinds { .closed }

    func observe(_ event: StreamEvent, annotations: inout FlowAnnotations) {
        let flow = event.flow
        guard flow.packets >= Classification.leastPackets else { return }
        annotations.annotate(Self.name(classifier.verdict(flow).trafficClass), 1)
    }

    private static func name(_ trafficClass: TrafficClass) -> StaticString {
        switch trafficClass {
        case .voice: "leptonnet.class_voice"
        case .video: "leptonnet.class_video"
        case .web: "leptonnet.class_web"
        case .bulk: "leptonnet.class_bulk"
        case .quarantine: "leptonnet.class_quarantine"
        }
    }
}
