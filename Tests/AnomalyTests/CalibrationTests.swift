// From values to surprise.

import Learning
import TestSupport
import Testing

@testable import Anomaly

@Suite("Calibration")
struct CalibrationTests {
    /// A sample of exponential values.
    private func sample(_ count: Int, seed: UInt64) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            let uniform = (Double(generator.next() >> 11) + 0.5) / Double(1 << 53)
            return Float(-PortableMath.log(uniform))
        }
    }

    @Test("What is kept for each family and each group of kin has a place for every one")
    func places() {
        let numbers = FeatureFamily.Numbers(repeating: 0)
        let leaders = FeatureFamily.Leaders(repeating: (0, 0))
        #expect(numbers.count == FeatureFamily.allCases.count)
        #expect(Set(FeatureFamily.allCases.map(\.kin)) == Set(0..<leaders.count))
    }

    @Test("Surprise never falls as a value grows, and stays within its limits")
    func monotone() {
        let calibration = TailCalibration(positive: sample(3000, seed: 2), count: 5000)
        var last: Float = 0
        for step in 0..<2000 {
            let surprise = calibration.surprise(Float(step) * 0.02)
            #expect(surprise >= last - 1e-4)
            #expect((0...TailCalibration.limit).contains(surprise))
            last = surprise
        }
        #expect(calibration.surprise(0) == 0)
        #expect(calibration.surprise(-3) == 0)
    }

    @Test("One in a hundred fresh values is as surprising as two decades say")
    func calibrated() {
        let calibration = TailCalibration(positive: sample(10_000, seed: 3), count: 10_000)
        let fresh = sample(20_000, seed: 4)
        let share = Float(fresh.count { calibration.surprise($0) >= 2 }) / Float(fresh.count)
        #expect(share > 0.007 && share < 0.013)
        // Beyond the sample the fitted tail carries on: e^-11.5 is one in a hundred thousand.
        #expect(abs(calibration.surprise(11.5) - 5) < 0.8)
    }

    @Test("The value of a surprise has that surprise, and quantiles are exceeded as often as they say")
    func inverse() {
        let calibration = TailCalibration(positive: sample(4000, seed: 5), count: 8000)
        for surprise in stride(from: Float(0.5), through: 6, by: 0.25) {
            #expect(calibration.surprise(calibration.value(ofSurprise: surprise)) <= surprise + 1e-3)
        }
        let values = sample(4000, seed: 5)
        let quantile = calibration.quantile(exceededBy: 0.01)
        #expect(abs(values.count { $0 > quantile } - 80) <= 1)
    }

    /// Samples of several sizes, and what is made of them.
    private func calibrations() -> [TailCalibration] {
        [
            TailCalibration(positive: sample(3000, seed: 6), count: 5000),
            TailCalibration(positive: sample(40, seed: 7), count: 60),
            TailCalibration(positive: [1, 1, 1, 2], count: 400), TailCalibration(positive: [], count: 100),
        ]
    }

    private func table(_ calibrations: [TailCalibration]) -> ScoringTable {
        ScoringTable(
            Feature.allCases.indices.map { calibrations[$0 % calibrations.count] }, DetectionPolicy())
    }

    @Test("The table for scoring gives the surprises of its calibrations, and a bound that is never below them")
    func tabulated() {
        let calibrations = calibrations()
        let table = table(calibrations)
        for (feature, calibration) in calibrations.enumerated() {
            for step in 0..<3000 {
                let value = Float(step) * 0.01
                let bound = table.mostSurprise(feature, value)
                #expect(table.surprise(feature, value) == calibration.surprise(value))
                #expect(bound >= calibration.surprise(value))
                #expect(bound <= calibration.surprise(value + 0.2) + 0.2 || feature > 0)
            }
        }
    }

    @Test("Nothing up to a quiet value adds to an alert, and the next value of the sample does, or lies in the tail")
    func quiet() {
        let calibrations = calibrations()
        let table = table(calibrations)
        let margin = DetectionPolicy().alertMargin
        #expect(table.quiet[3] == 0)
        for (feature, calibration) in calibrations.prefix(3).enumerated() {
            let quiet = table.quiet[feature]
            for step in 0...1000 {
                #expect(calibration.surprise(quiet * Float(step) / 1000) <= margin)
            }
            let next = calibration.search.levels.first { $0 > quiet } ?? 100
            #expect(calibration.surprise(next) > margin || next > calibration.fit.start)
        }
    }

    @Test("Many positive numbers are sorted as the library sorts them")
    func sorting() {
        let numbers = sample(5000, seed: 8) + [0.25, 0.25, .infinity, .leastNonzeroMagnitude]
        #expect(RadixSort.ascending(numbers) == numbers.sorted())
    }

    @Test("Rows of an incident's host are struck out of the sample")
    func striking() {
        var sample = CalibrationSample()
        let row = FeatureRow()
        for index in 0..<100 {
            row.clear()
            row.raise(0, to: index < 50 ? 1 : 9, observed: 1)
            sample.add(row, UInt32(1000 + index), host: index < 50 ? 1 : 2)
        }
        #expect(sample.fit(from: 0, to: 2000)[0].quantile(exceededBy: 0) == 9)
        sample.strike(2, since: 1050)
        #expect(sample.fit(from: 0, to: 2000)[0].quantile(exceededBy: 0) == 1)
        #expect(sample.size(from: 0, to: 2000) == 50)
    }
}
