// What a site's users, attackers and paths do in one run, whatever the policy decides.

/// The exogenous part of a run: flows in the order of their start, and the capacity of each path at each substep.
///
/// Demand is open-loop: elastic flows adapt their rate to the network, but when they arrive depends on the seed alone.
/// Hence two policies can be compared on the very same trace.
public struct DemandTrace: Sendable {
    public let scenario: Scenario
    public let seed: UInt64
    public let flows: [FlowDemand]
    /// Bit/s of each path, one entry per substep.
    public let capacity: [PathVector]

    /// Draws the trace; the same scenario and seed give the same trace.
    public init(scenario: Scenario, seed: UInt64) {
        var generator = DemandGenerator(scenario: scenario, seed: seed)
        self.scenario = scenario
        self.seed = seed
        flows = generator.drawFlows()
        capacity = generator.drawCapacity()
    }

    /// A trace made by hand or from a capture. Flows must be in the order of their start.
    public init(scenario: Scenario, flows: [FlowDemand], capacity: [PathVector]) {
        precondition(zip(flows, flows.dropFirst()).allSatisfy { $0.start <= $1.start }, "Flows come in order")
        precondition(
            capacity.count >= scenario.intervals * Scenario.substepsPerInterval, "Capacity covers the whole run")
        self.scenario = scenario
        seed = 0
        self.flows = flows
        self.capacity = capacity
    }
}
