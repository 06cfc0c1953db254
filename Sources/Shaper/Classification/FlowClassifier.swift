// From a flow to its traffic class.

import NetTypes

/// Decides by an ordered list of rules: the first that fits gives the class. A flow whose source a detector holds flagged
/// is quarantined whatever it looks like.
///
/// It needs a flow's first eight packets, and what the decoder has recognised by then; it has no state and may be used by
/// any number of threads.
public struct FlowClassifier: Sendable, Equatable {
    /// What a flow was taken for, and by which rule; nil by none.
    public struct Verdict: Sendable, Equatable {
        public var trafficClass: TrafficClass
        public var rule: String?
    }

    private let rules: [ClassRule]
    private let otherwise: TrafficClass

    /// - Parameters:
    ///   - rules: In the order in which they are tried.
    ///   - otherwise: The class of a flow that no rule fits.
    ///   - ignored: What must not be used; rules that need it are left out.
    public init(rules: [ClassRule], otherwise: TrafficClass, ignoring ignored: Set<ClassRule.Knowledge> = []) {
        self.rules = rules.filter { !$0.needs(ignored) }
        self.otherwise = otherwise
    }

    /// The class of a flow.
    ///
    /// - Parameter isFlagged: Whether a detector holds the flow's source for an attacker.
    public func verdict(_ flow: FlowRecord, isFlagged: Bool = false) -> Verdict {
        if isFlagged { return Verdict(trafficClass: .quarantine, rule: "flagged source") }
        let measures = FlowMeasures(flow)
        guard let rule = rules.first(where: { $0.fits(flow, measures) }) else {
            return Verdict(trafficClass: otherwise, rule: nil)
        }
        return Verdict(trafficClass: rule.trafficClass, rule: rule.name)
    }
}
