// The generator against NumPy 2, which is the outside judge: numpy.random.default_rng(seed).

import Testing

@testable import Shaper

@Suite("Random numbers")
struct PCG64Tests {
    @Test("Every distribution gives the numbers that NumPy gives, in any order of use")
    func matchesNumPy() {
        var random = PCG64(seed: 2000)
        #expect((0..<2).map { _ in random.uniform() } == NumPy.uniform)
        #expect((0..<2).map { _ in random.exponential(mean: 3) } == NumPy.exponential)
        #expect(zip((0..<3).map { _ in random.normal() }, NumPy.normal).allSatisfy { abs($0 - $1) < 1e-9 })
        #expect((0..<5).map { _ in 8 + random.index(below: 16) } == NumPy.integers)
        #expect(abs(random.pareto(index: 1.3) - NumPy.pareto) < 1e-12)
    }

    @Test("A hundred thousand draws, tails included, sum to what NumPy's sum to")
    func longRunMatchesNumPy() {
        var random = PCG64(seed: 7)
        let normals = (0..<100_000).reduce(0) { sum, _ in sum + random.normal() }
        let exponentials = (0..<100_000).reduce(0) { sum, _ in sum + random.exponential() }
        #expect(abs(normals - NumPy.normalSum) < 1e-6)
        #expect(abs(exponentials - NumPy.exponentialSum) < 1e-6)
    }

    @Test("A seed beyond 32 bits uses all of them")
    func wideSeed() {
        var narrow = PCG64(seed: 5)
        var wide = PCG64(seed: 1 << 40 + 5)
        #expect(narrow.next() != wide.next())
    }
}

/// What NumPy printed.
private enum NumPy {
    static let uniform = [0.5751363188576363, 0.656424609292887]
    static let exponential = [0.3065484305970412, 4.327053838888094]
    static let normal = [-0.2832020642100446, -0.2465384504337569, 1.4911038653727382]
    static let integers = [22, 14, 10, 16, 23]
    static let pareto = 0.09133425610883794
    static let normalSum = -132.63190873851516
    static let exponentialSum = 99925.71389373338
}
