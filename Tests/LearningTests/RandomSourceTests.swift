// Random numbers: the published sequence, and the distributions' moments.

import Learning
import Testing

@Suite("Random source")
struct RandomSourceTests {
    @Test("The state filled by SplitMix64 and the numbers are those of the published algorithms")
    func knownNumbers() {
        // Computed with an independent implementation of the two papers for seed 42.
        var random = RandomSource(seed: 42)
        #expect((0..<4).map { _ in random.next() } == RandomSourceTests.seed42)
    }

    static let seed42: [UInt64] = [
        1_546_998_764_402_558_742, 6_990_951_692_964_543_102, 12_544_586_762_248_559_009, 17_057_574_109_182_124_193,
    ]

    @Test("The same seed gives the same numbers, another seed or stream others")
    func seeds() {
        var first = RandomSource(seed: 1)
        var second = RandomSource(seed: 1)
        var third = RandomSource(seed: 2)
        var fourth = RandomSource(seed: 1, stream: 1)
        let numbers = (0..<10).map { _ in first.normal() }
        #expect(numbers == (0..<10).map { _ in second.normal() })
        #expect(numbers != (0..<10).map { _ in third.normal() })
        #expect(numbers != (0..<10).map { _ in fourth.normal() })
    }

    @Test("Distributions have their mean and variance")
    func moments() {
        var random = RandomSource(seed: 3)
        let count = 20_000
        func moments(_ draw: (inout RandomSource) -> Double) -> (mean: Double, variance: Double) {
            let numbers = (0..<count).map { _ in draw(&random) }
            let mean = numbers.reduce(0, +) / Double(count)
            return (mean, numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count))
        }
        let uniform = moments { $0.uniform(-1, 3) }
        #expect((uniform.mean - 1).magnitude < 0.04 && (uniform.variance - 16.0 / 12).magnitude < 0.05)
        let normal = moments { $0.normal() }
        #expect(normal.mean.magnitude < 0.03 && (normal.variance - 1).magnitude < 0.05)
        let exponential = moments { $0.exponential(mean: 2) }
        #expect((exponential.mean - 2).magnitude < 0.06 && (exponential.variance - 4).magnitude < 0.4)
        let chance = moments { $0.chance(0.25) ? 1 : 0 }
        #expect((chance.mean - 0.25).magnitude < 0.015)
    }

    @Test("Every number below a bound comes equally often, and none beyond it")
    func below() {
        var random = RandomSource(seed: 4)
        var counts = [Int](repeating: 0, count: 7)
        for _ in 0..<14_000 { counts[random.below(7)] += 1 }
        for count in counts { #expect((count - 2_000).magnitude < 200) }
        #expect(random.below(1) == 0)
    }

    @Test("Shuffling keeps every element and gives every order")
    func shuffling() {
        var random = RandomSource(seed: 5)
        var orders: [[Int]: Int] = [:]
        for _ in 0..<6_000 {
            var elements = [1, 2, 3]
            random.shuffle(&elements)
            orders[elements, default: 0] += 1
        }
        #expect(orders.count == 6)
        for count in orders.values { #expect((count - 1_000).magnitude < 150) }
    }
}
