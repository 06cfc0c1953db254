// A part of a run as a run of its own.

extension DemandTrace {
    /// The part of the run from `start` on, for `seconds`.
    ///
    /// Flows of constant rate that are under way go on; elastic flows that began earlier are left out, since how much of
    /// them is left depends on the policy.
    public func window(from start: Double, lasting seconds: Double) -> DemandTrace {
        precondition(start >= 0 && start + seconds <= scenario.duration, "The window lies within the run")
        var scenario = scenario
        scenario.duration = seconds
        let flows = flows.compactMap { flow -> FlowDemand? in
            guard flow.start < start + seconds, flow.end > start, flow.start >= start || !flow.kind.isElastic
            else { return nil }
            var flow = flow
            flow.start = max(0, flow.start - start)
            flow.end -= start
            flow.flaggedAt -= start
            flow.phase += start
            return flow
        }
        let first = Int((start / Scenario.substep).rounded())
        let count = scenario.intervals * Scenario.substepsPerInterval
        return DemandTrace(scenario: scenario, flows: flows, capacity: Array(capacity[first..<(first + count)]))
    }

    /// When the first attack begins, in seconds; nil without one.
    public var firstAttack: Double? { flows.first { $0.kind == .attack }?.start }
}
