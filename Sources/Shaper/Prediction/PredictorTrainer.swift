// Trains demand predictors in the simulator.

import Learning

/// Learns from the demand that water-filling saw on training traces. The same settings and seed give the same predictor bit
/// for bit.
public struct PredictorTrainer: Sendable {
    /// Intervals between the newest counters and the interval that is predicted: one when counters are fresh.
    public var horizon = 1
    /// Runs of two minutes to learn from, and to stop early by.
    public var runs = 60
    public var validationRuns = 12
    public var epochs = 12
    public var seed: UInt64

    public init(seed: UInt64) {
        self.seed = seed
    }

    /// Mean squared error for the mean, pinball loss (Koenker and Bassett 1978) for the quantile.
    static let objective = Objective([
        .init(.meanSquaredError, columns: 0..<TrafficClass.count),
        .init(.pinball(quantile: DemandPredictor.quantile), columns: TrafficClass.count..<2 * TrafficClass.count),
    ])

    /// Trains from the seed.
    public func train(_ architecture: DemandPredictor.Architecture) -> DemandPredictor {
        var random = PCG64(seed: seed ^ 0x7072_6564)
        let training = (0..<runs).map { _ in PredictorTrainer.demands(on: Curriculum.draw(&random)) }
        let validation = Curriculum.validation.prefix(validationRuns).map { PredictorTrainer.demands(on: $0) }
        let model = Model(DemandPredictor.network(architecture), seed: seed)
        var trainer = Trainer(
            objective: PredictorTrainer.objective, epochs: epochs, batchSize: 64, patience: 4, seed: seed)
        trainer.learningRateDecay = 0.85
        _ = trainer.train(
            model, with: Adam(count: model.layout.count, learningRate: 2e-3), on: dataset(training),
            validation: dataset(validation))
        return DemandPredictor(model: model)
    }

    /// What each class asked for in each interval of a run under water-filling.
    static func demands(on trace: DemandTrace) -> [ClassVector] {
        var demands: [ClassVector] = []
        demands.reserveCapacity(trace.scenario.intervals)
        _ = Simulator.run(ConstantChoice(.waterFilling, scenario: trace.scenario), on: trace) { simulator in
            demands.append(simulator.telemetry.demand)
        }
        return demands
    }

    private func dataset(_ runs: [[ClassVector]]) -> Dataset {
        var inputs: [Float] = []
        var targets: [Float] = []
        for demands in runs {
            PredictorTrainer.forEachWindow(demands, horizon: horizon) { history, next in
                inputs += DemandPredictor.input(history)
                targets += DemandPredictor.target(from: history[history.endIndex - 1], to: next)
            }
        }
        return Dataset(
            inputs: inputs, inputCount: SiteView.demandDepth * TrafficClass.count, targets: targets,
            targetCount: 2 * TrafficClass.count)
    }

    /// Hands out each stretch of history and the demand that followed it after `horizon` intervals.
    static func forEachWindow(
        _ demands: [ClassVector], horizon: Int, _ body: (ArraySlice<ClassVector>, ClassVector) -> Void
    ) {
        let depth = SiteView.demandDepth
        guard demands.count >= depth + horizon else { return }
        for end in depth...(demands.count - horizon) { body(demands[(end - depth)..<end], demands[end + horizon - 1]) }
    }
}
