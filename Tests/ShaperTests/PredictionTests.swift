// What is expected of demand, and what is done about it.

import Learning
import Testing

@testable import Shaper

@Suite("Prediction")
struct PredictionTests {
    @Test(
        "A predictor errs less than the last interval, and nine tenths of demand stay below its quantile")
    func accuracy() {
        for architecture in DemandPredictor.Architecture.allCases {
            var trainer = PredictorTrainer(seed: 2)
            trainer.runs = 30
            trainer.validationRuns = 6
            trainer.epochs = 12
            let predictor = trainer.train(architecture)
            var (error, last, below, count) = (0.0, 0.0, 0.0, 0.0)
            for seed in 700..<UInt64(706) {
                let demands = PredictorTrainer.demands(on: DemandTrace(scenario: Scenario(), seed: seed))
                PredictorTrainer.forEachWindow(demands, horizon: 1) { history, next in
                    let guess = predictor.predict(Array(history))
                    // Segments of video come at regular times; files and pages when they please.
                    error += abs(guess.mean[.video] - next[.video])
                    last += abs(history[history.endIndex - 1][.video] - next[.video])
                    for trafficClass in [TrafficClass.video, .web, .bulk] {
                        let truth = next[trafficClass]
                        below += truth <= guess.high[trafficClass] ? 1 : 0
                        count += 1
                    }
                }
            }
            #expect(error < last, "\(architecture)")
            #expect((0.82...0.97).contains(below / count), "\(architecture): \(below / count)")
        }
    }

    @Test("The same seed gives the same predictor")
    func reproducible() {
        var trainer = PredictorTrainer(seed: 5)
        trainer.runs = 2
        trainer.validationRuns = 1
        trainer.epochs = 1
        for architecture in DemandPredictor.Architecture.allCases {
            let (first, second) = (trainer.train(architecture), trainer.train(architecture))
            #expect(first.model.weights().bytes == second.model.weights().bytes)
        }
    }

    @Test("Water-filling on an expected demand is water-filling on that demand")
    func plan() {
        let scenario = Scenario(duration: 20)
        var simulator = Simulator(DemandTrace(scenario: scenario, seed: 4))
        var view = SiteView(paths: scenario.paths)
        var builder = PlanBuilder(paths: scenario.paths)
        while !simulator.isFinished {
            simulator.advance(builder.plan(.waterFilling, for: view))
            view.observe(simulator.telemetry)
        }
        let measured = builder.plan(.waterFilling, for: view)
        #expect(builder.plan(expecting: view.demand, for: view) == measured)
        #expect(builder.plan(expecting: 0.1 * view.demand, for: view).weights != measured.weights)
    }
}
