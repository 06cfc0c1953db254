// Traces whose demand was measured and whose capacities are drawn.

extension DemandTrace {
    /// The share of time in which a video flow sends.
    public static let videoShare = DemandGenerator.videoOn / DemandGenerator.videoPeriod

    /// Given flows over capacities drawn from a seed; flows must be in the order of their start.
    public init(scenario: Scenario, flows: [FlowDemand], capacitySeed: UInt64) {
        var generator = DemandGenerator(scenario: scenario, seed: capacitySeed)
        self.init(scenario: scenario, flows: flows, capacity: generator.drawCapacity())
    }
}
