// Reports as people and programs read them.

import Learning
import Testing

@testable import Shaper

@Suite("Suites")
struct SuiteTests {
    static let report = SuiteReport(
        suite: "calibrate", conditions: ["a \"quoted\" one"],
        tables: [ReportTable(title: "T", header: ["policy", "x"], rows: [["long name", "1"], ["b", "22.5"]])],
        comparisons: [
            Comparison(
                setting: "test", policy: "dqn", baseline: "fifo-ecmp", metric: .meanLatency,
                estimate: Estimate(value: -43.5, low: -45, high: -41.25), pairs: 20)
        ],
        checks: [SuiteCheck("figure", 1.2, .within(0.1, of: 1))], pictures: [])

    @Test("JSON names policy, baseline, metric, change and interval")
    func json() {
        let expected =
            #"{"suite":"calibrate","conditions":["a \"quoted\" one"],"passed":false,"checks":[{"name":"figure","#
            + #""measured":1.2,"expected":1,"tolerance":0.1,"passed":false}],"comparisons":[{"setting":"test","#
            + #""policy":"dqn","baseline":"fifo-ecmp","metric":"mean_latency","change":-43.5,"#
            + #""ci95":[-45,-41.25],"pairs":20}],"tables":[{"title":"T","header":["policy","x"],"#
            + #""rows":[["long name","1"],["b","22.5"]]}]}"# + "\n"
        #expect(Self.report.json == expected)
    }

    @Test("Text has even columns and says which check failed")
    func text() {
        #expect(Self.report.text.contains("long name     1\n"))
        #expect(Self.report.text.contains("b          22.5"))
        #expect(Self.report.text.contains("NO"))
    }

    @Test("A suite that judges a policy refuses to run without one")
    func missingPolicy() {
        #expect(throws: ShaperError.self) { try SimulationSuite.headline.run() }
    }

    @Test("A comparison pairs runs and leaves out those without the metric")
    func pairing() throws {
        let trace = DemandTrace(scenario: Scenario(floods: false, duration: 10), seed: 1)
        let run = Contender.fifoECMP.run(trace)
        let other = Contender.htbWCMP.run(trace)
        let none = Comparison.between(
            ("a", [run]), ("b", [other]), metric: .attackBytesPassed, setting: "test")
        #expect(none == nil)
        let latency = try #require(
            Comparison.between(("a", [run]), ("b", [other]), metric: .meanLatency, setting: "test"))
        #expect(abs(latency.estimate.value - 100 * (run.meanLatency / other.meanLatency - 1)) < 1e-9)
    }

    @Test("The clairvoyant is at least as good as what it follows")
    func clairvoyant() {
        let trace = DemandTrace(scenario: Scenario(duration: 20), seed: 2001)
        let choices: [ControlAction] = [.waterFilling, .bestConstant, .init(.hold, .adaptive)]
        let clairvoyant = Clairvoyant(choices: choices).run(on: trace)
        #expect(clairvoyant.utility > Contender.waterFillingLast.run(trace).utility)
    }

    @Test("A chart is one SVG element with its labels escaped")
    func chart() {
        let svg = Chart.bars(
            title: "a < b", [(label: "x & y", estimate: Estimate(value: -3, low: -4, high: -2))], unit: "%")
        #expect(svg.hasPrefix("<svg") && svg.hasSuffix("</svg>\n"))
        #expect(svg.contains("a &lt; b") && svg.contains("x &amp; y") && svg.contains("-3.0 %"))
    }

    @Test("A one-sided bound is met at its edge, and by no number that is none")
    func bounds() {
        #expect(SuiteCheck("x", 0, .atMost(0)).passed)
        #expect(!SuiteCheck("x", 1, .atMost(0)).passed)
        #expect(SuiteCheck("x", 5, .atLeast(5)).passed)
        #expect(!SuiteCheck("x", .nan, .atLeast(5)).passed)
        #expect(SuiteCheck("x", 2.5, .atMost(3)).row == ["x", "2.50", "at most 3.00", "", "yes"])
    }

    @Test("Nothing gets past the shield, and a starved class would be seen")
    func safety() {
        let report = Safety(policy: nil, steps: 2_000).run { _ in }
        #expect(report.passed, "\(report.text)")
        // Without guarantees voice and video take all that there is.
        let scenario = Scenario(mix: .media, load: 1.3, duration: 60)
        var plan = ShapingPlan.staticClasses(nominal: scenario.nominal, paths: 3)
        plan.weights = Array(repeating: PathVector(0, 0, 1, 0, 0, 0, 0, 0), count: TrafficClass.count)
        plan.guarantees = Array(repeating: ClassVector(), count: 3)
        var simulator = Simulator(DemandTrace(scenario: scenario, seed: 1))
        while !simulator.isFinished { simulator.advance(plan) }
        #expect(simulator.starvedSubsteps > 0)
    }

    @Test("A network's choices are told by situation, and every decision is counted once")
    func summary() {
        let model = Model(DeepQPolicy.network(paths: 3), seed: 1)
        let width = SiteFeatures.count(paths: 3)
        let range = FeatureRange(
            mean: Array(repeating: 0, count: width), deviation: Array(repeating: 100, count: width))
        let summary = PolicySummary(of: DeepQPolicy(model: model, range: range, margin: 0.4), runs: 2)
        #expect(summary.departures == 0)
        #expect(summary.decisions == summary.verdicts.first { $0.verdict == .policy }?.count)
        let listed = summary.table.rows.compactMap { Int($0[TabularPolicy.quantities.count]) }
        #expect(listed.reduce(0, +) == summary.decisions)
        #expect(summary.choices.rows.first?[0].contains("near") == true)
    }
}
