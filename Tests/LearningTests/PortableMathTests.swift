// Elementary functions against values of 60 digits.

import Learning
import Testing

@Suite("Elementary functions")
struct PortableMathTests {
    /// The distance from the true value `near + left` in units in the last place of `near`.
    private func error(_ value: Double, near: Double, left: Double) -> Double {
        if value == near && left == 0 { return 0 }
        return ((value - near) - left).magnitude / near.ulp
    }

    /// A function under test and the most units in the last place it may be wrong by.
    enum Function: String, CaseIterable {
        case exp, expMinusOne, log, logOnePlus, tanh, sigmoid

        var bound: Double {
            switch self {
            case .exp, .log: 1
            case .expMinusOne, .logOnePlus: 2
            case .tanh, .sigmoid: 3
            }
        }

        func callAsFunction(_ x: Double) -> Double {
            switch self {
            case .exp: PortableMath.exp(x)
            case .expMinusOne: PortableMath.expMinusOne(x)
            case .log: PortableMath.log(x)
            case .logOnePlus: PortableMath.logOnePlus(x)
            case .tanh: PortableMath.tanh(x)
            case .sigmoid: PortableMath.sigmoid(x)
            }
        }

        func single(_ x: Float) -> Float {
            switch self {
            case .exp: PortableMath.exp(x)
            case .tanh: PortableMath.tanh(x)
            case .sigmoid: PortableMath.sigmoid(x)
            case .log: PortableMath.log(x)
            case .expMinusOne, .logOnePlus: .nan
            }
        }
    }

    @Test("Double precision keeps its error bounds over the whole range", arguments: Function.allCases)
    func doublePrecision(function: Function) throws {
        var largest = 0.0
        var count = 0
        for line in try ReferenceFiles.lines("mathematics.txt") where line[0] == function.rawValue {
            let numbers = line.dropFirst().compactMap { UInt64($0, radix: 16).map(Double.init(bitPattern:)) }
            largest = max(largest, error(function(numbers[0]), near: numbers[1], left: numbers[2]))
            count += 1
        }
        #expect(count >= 500)
        #expect(largest <= function.bound, "\(largest) ULP")
        if MeasurementReport.isWanted { print("\(function): \(largest) ULP over \(count) arguments") }
    }

    @Test(
        "Single precision keeps its error bounds over the whole range",
        arguments: [Function.exp, .tanh, .sigmoid, .log])
    func singlePrecision(function: Function) {
        // Evenly spaced bit patterns reach every magnitude of both signs. The judges are the double-precision functions,
        // tested above: they are right to a millionth of a unit here.
        let step: UInt32 = MeasurementReport.isWanted ? 97 : 300_007
        var largest = 0.0
        var pattern: UInt32 = 0
        while true {
            let x = Float(bitPattern: pattern)
            let expected = function(Double(x))
            if expected.isFinite {
                let value = function.single(x)
                if expected < Double(Float.greatestFiniteMagnitude) {
                    largest = max(largest, (Double(value) - expected).magnitude / Double(Float(expected).ulp))
                } else if value != .infinity {
                    // A unit beyond the largest number the result may still be rounded down to it.
                    largest = max(largest, (expected - Double(value)) / 0x1p104)
                }
            }
            let (next, overflow) = pattern.addingReportingOverflow(step)
            if overflow { break }
            pattern = next
        }
        #expect(largest <= function.bound, "\(largest) ULP")
        if MeasurementReport.isWanted { print("\(function), single: \(largest) ULP, every \(step)th number") }
    }

    @Test("Special arguments give the limits")
    func specialArguments() {
        #expect(PortableMath.exp(Double.infinity) == .infinity)
        #expect(PortableMath.exp(-Double.infinity) == 0)
        #expect(PortableMath.exp(Double.nan).isNaN)
        #expect(PortableMath.exp(0.0) == 1)
        #expect(PortableMath.expMinusOne(-Double.infinity) == -1)
        #expect(PortableMath.expMinusOne(Double.infinity) == .infinity)
        #expect(PortableMath.expMinusOne(Double.nan).isNaN)
        #expect(PortableMath.log(0.0) == -.infinity)
        #expect(PortableMath.log(-1.0).isNaN)
        #expect(PortableMath.log(Double.nan).isNaN)
        #expect(PortableMath.log(Double.infinity) == .infinity)
        #expect(PortableMath.log(1.0) == 0)
        #expect(PortableMath.logOnePlus(-1.0) == -.infinity)
        #expect(PortableMath.logOnePlus(-2.0).isNaN)
        #expect(PortableMath.logOnePlus(Double.infinity) == .infinity)
        #expect(PortableMath.logOnePlus(Double.nan).isNaN)
        #expect(PortableMath.tanh(-Double.infinity) == -1)
        #expect(PortableMath.tanh(-0.0).sign == .minus)
        #expect(PortableMath.tanh(Double.nan).isNaN)
        #expect(PortableMath.sigmoid(-Double.infinity) == 0)
        #expect(PortableMath.sigmoid(Double.nan).isNaN)
        #expect(PortableMath.exp(Float.infinity) == .infinity)
        #expect(PortableMath.exp(-Float.infinity) == 0)
        #expect(PortableMath.exp(Float.nan).isNaN)
        #expect(PortableMath.tanh(Float.infinity) == 1)
        #expect(PortableMath.tanh(-Float.infinity) == -1)
        #expect(PortableMath.tanh(Float.nan).isNaN)
        #expect(PortableMath.sigmoid(Float.infinity) == 1)
        #expect(PortableMath.sigmoid(-Float.infinity) == 0)
        #expect(PortableMath.sigmoid(Float.nan).isNaN)
    }

    @Test("Eight at a time give the bits of one at a time")
    func lanes() {
        var random = RandomSource(seed: 9)
        for _ in 0..<200 {
            var vector = FloatVector.zero
            for lane in 0..<8 { vector[lane] = Float(random.normal() * 20) }
            let results = [PortableMath.exp(vector), PortableMath.tanh(vector), PortableMath.sigmoid(vector)]
            for lane in 0..<8 {
                #expect(results[0][lane] == PortableMath.exp(vector[lane]))
                #expect(results[1][lane] == PortableMath.tanh(vector[lane]))
                #expect(results[2][lane] == PortableMath.sigmoid(vector[lane]))
            }
        }
    }
}
