// The fit of tails, against values that SciPy computed.

import Foundation
import TestSupport
import Testing

@testable import Anomaly

@Suite("Tails by extreme-value theory")
struct GeneralizedParetoTests {
    /// One case of Reference/pareto.json; `make_reference.py` beside it says how it was made.
    private struct Reference: Decodable {
        let excesses: [Double]
        let shape: Double
        let scale: Double
        let logLikelihood: Double
        let points: [Double]
        let tail: [Double]
    }

    private static func references() throws -> [Reference] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(
            [Reference].self, from: Data(contentsOf: folder.appendingPathComponent("Reference/pareto.json")))
    }

    @Test("Shape, scale, likelihood and tail probabilities are those of SciPy's fit")
    func fit() throws {
        let references = try Self.references()
        #expect(references.count == 6)
        for reference in references {
            let fitted = GeneralizedPareto(fitting: reference.excesses)
            #expect(abs(fitted.shape - reference.shape) < 1e-4)
            #expect(abs(fitted.scale / reference.scale - 1) < 1e-4)
            #expect(fitted.logLikelihood(reference.excesses) >= reference.logLikelihood - 1e-6)
            let exact = GeneralizedPareto(shape: reference.shape, scale: reference.scale)
            for (point, tail) in zip(reference.points, reference.tail) where tail > 0 {
                #expect(abs(exact.logTail(point) - Foundation.log(tail)) < 1e-9 * max(1, abs(Foundation.log(tail))))
            }
        }
    }

    @Test("Excesses that are all alike, or a single one, give a tail that ends soon after")
    func degenerate() {
        for excesses in [[0.5], [Double](repeating: 0.5, count: 40)] {
            let fitted = GeneralizedPareto(fitting: excesses)
            #expect(fitted.scale > 0 && fitted.shape.isFinite)
            #expect(fitted.logTail(0.25) > fitted.logTail(0.75))
        }
    }

    @Test("A tail heavier than an exponential one makes far values less surprising, and a shorter one more")
    func tails() throws {
        let count = 10_000
        for (reference, isHeavier) in zip(try Self.references()[1...3], [true, true, false]) {
            let values = reference.excesses.map { Float($0) + 1 }
            let exponential = TailCalibration(positive: values, count: count)
            let pareto = TailCalibration(positive: values, count: count, tail: .generalizedPareto)
            let far = (values.max() ?? 0) * 1.3
            #expect((pareto.surprise(far) < exponential.surprise(far)) == isHeavier)
            var last: Float = 0
            for step in 0..<1000 {
                let surprise = pareto.surprise(Float(step) * 0.02)
                #expect(surprise >= last - 1e-4 && surprise <= TailCalibration.limit)
                last = surprise
            }
        }
    }
}
