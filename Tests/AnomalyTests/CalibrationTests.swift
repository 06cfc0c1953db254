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

    @Test("The quick bound of the surprise is never below it, and not far above")
    func bounded() {
        for (values, count) in [(sample(3000, seed: 6), 5000), (sample(40, seed: 7), 60), ([1, 1, 1, 2], 400)] {
            let calibration = TailCalibration(positive: values, count: count)
            for step in 0..<3000 {
                let value = Float(step) * 0.01
                let bound = calibration.mostSurprise(value)
                #expect(bound >= calibration.surprise(value))
                #expect(bound <= calibration.surprise(value + 0.2) + 0.2 || values.count < 100)
            }
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
        var row = [Float](repeating: 0, count: Feature.allCases.count)
        for index in 0..<100 {
            row[0] = index < 50 ? 1 : 9
            sample.add(row, UInt32(1000 + index), host: index < 50 ? 1 : 2)
        }
        #expect(sample.fit(from: 0, to: 2000)[0].quantile(exceededBy: 0) == 9)
        sample.strike(2, since: 1050)
        #expect(sample.fit(from: 0, to: 2000)[0].quantile(exceededBy: 0) == 1)
        #expect(sample.size(from: 0, to: 2000) == 50)
    }
}
