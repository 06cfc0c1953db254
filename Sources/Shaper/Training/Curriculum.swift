// Which runs a policy learns from, and which it is picked by.

/// Draws training scenarios; test seeds, the unseen mix and the unseen load never occur in it.
enum Curriculum {
    static let trainingSeeds = 200
    static let validationSeeds: Range<UInt64> = 500..<608

    /// A run of two minutes: load 0.6 to 1, mixes A to C, floods in seven of ten, fresh counters in six of ten.
    static func draw(_ random: inout PCG64) -> DemandTrace {
        let loads = [0.6, 0.75, 0.85, 1.0]
        let ages = [0, 0, 0, 1, 4]
        let scenario = Scenario(
            mix: TrafficMix.training[random.index(below: TrafficMix.training.count)],
            load: loads[random.index(below: loads.count)], floods: random.uniform() < 0.7,
            varyingCapacity: random.uniform() < 0.8, telemetryAge: ages[random.index(below: ages.count)])
        return DemandTrace(scenario: scenario, seed: UInt64(random.index(below: trainingSeeds)))
    }

    /// Runs over three loads and three mixes, every fourth with counters two seconds old.
    static let validation: [DemandTrace] = validationSeeds.map { seed in
        let step = Int(seed - validationSeeds.lowerBound)
        let scenario = Scenario(
            mix: TrafficMix.training[step / 3 % 3], load: [0.7, 0.85, 1.0][step % 3],
            telemetryAge: step % 4 == 3 ? 4 : 0)
        return DemandTrace(scenario: scenario, seed: seed)
    }
}
