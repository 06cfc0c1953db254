// Figures and how sure they are.

import Testing

@testable import Shaper

@Suite("Metrics")
struct MetricsTests {
    @Test("A quantile is right to 1.6 per cent over five decades")
    func quantiles() throws {
        var histogram = LatencyHistogram()
        for step in 1...1000 { histogram.add(Double(step) * 1e-3, weight: 1) }
        let median = try #require(histogram.quantile(0.5))
        let tail = try #require(histogram.quantile(0.99))
        #expect(abs(median / 0.5 - 1) < 0.016)
        #expect(abs(tail / 0.99 - 1) < 0.016)
        #expect(LatencyHistogram().quantile(0.5) == nil)
    }

    @Test("Pairs that differ by a constant have an interval of no width")
    func constantDifference() {
        let baseline = (0..<20).map { Double($0) * 3 + 1 }
        let estimate = PairedBootstrap.difference(policy: baseline.map { $0 + 2 }, baseline: baseline)
        #expect(abs(estimate.value - 2) < 1e-12)
        #expect(estimate.high - estimate.low < 1e-9)
    }

    @Test("The interval covers the true difference in about 95 of 100 experiments")
    func coverage() {
        var random = PCG64(seed: 12)
        var covered = 0
        for _ in 0..<200 {
            let baseline = (0..<30).map { _ in 10 + random.normal() }
            let policy = baseline.map { $0 + 0.5 + random.normal() }
            let estimate = PairedBootstrap.difference(policy: policy, baseline: baseline)
            if estimate.low <= 0.5, estimate.high >= 0.5 { covered += 1 }
        }
        #expect((176...198).contains(covered))
    }

    @Test("Utility of a perfect interval is its goodput, and each fault costs what it should")
    func utility() {
        var accounts = Accounts()
        accounts.offered[.web] = 10e6
        accounts.delivered[.web] = 10e6
        #expect(accounts.utility(nominal: 40e6, seconds: 0.5) == 0.5)
        accounts.delay[.web] = 10e6 * 0.1
        #expect(abs(accounts.utility(nominal: 40e6, seconds: 0.5) - 0.3) < 1e-12)
        accounts.movedFlows = 10
        accounts.dropped[.web] = 1e6
        #expect(abs(accounts.utility(nominal: 40e6, seconds: 0.5) - 0.18) < 1e-12)
    }

    @Test("Numbers render with fixed places")
    func decimals() {
        #expect(Decimal.text(-0.04, places: 1) == "0.0")
        #expect(Decimal.text(1.25, places: 1) == "1.3")
        #expect(Decimal.text(-12.005, places: 2, signed: true) == "-12.01")
        #expect(Decimal.text(3, places: 3, signed: true) == "+3.000")
    }
}
