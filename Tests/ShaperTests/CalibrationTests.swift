// The gate before every claim, on the seeds where the study's own figures are known one by one.

import Testing

@testable import Shaper

@Suite("Calibration")
struct CalibrationTests {
    /// Latency in ms, legitimate loss and useful utilisation in per cent, web completion in ms: what the study's
    /// simulator gives for a seed.
    struct Reference: Sendable, CustomTestStringConvertible {
        let seed: UInt64
        let contender: String
        let figures: [Double]
        let tolerance: Double

        var testDescription: String { "\(contender), seed \(seed)" }
    }

    static let references = [
        Reference(seed: 2000, contender: "fifo-ecmp", figures: [91.74, 25.208, 33.799, 649.08], tolerance: 0.005),
        Reference(seed: 2001, contender: "fifo-ecmp", figures: [83.578, 9.337, 46.662, 449.974], tolerance: 0.005),
        Reference(seed: 2000, contender: "htb-wcmp", figures: [58.511, 10.603, 48.678, 284.295], tolerance: 0.005),
        Reference(
            seed: 2002, contender: "water-filling-last", figures: [52.263, 8.16, 68.798, 285.282], tolerance: 0.10),
    ]

    @Test("A run of the same seed gives the study's figures", arguments: references)
    func agrees(reference: Reference) throws {
        let trace = DemandTrace(scenario: Scenario(classBuffers: ShapingPlan.longBuffers), seed: reference.seed)
        let contender = try #require(Contender.classical.first { $0.name == reference.contender })
        let run = contender.run(trace)
        let figures = [run.meanLatency, run.legitimateLoss, run.usefulUtilisation, run.webCompletionTime]
        for (measured, expected) in zip(figures, reference.figures) {
            #expect(abs(measured / expected - 1) <= reference.tolerance, "\(measured) for \(expected)")
        }
    }
}
