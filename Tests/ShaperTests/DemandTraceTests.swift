// Demand against the study's own generator, run in Python with the same seed.

import Testing

@testable import Shaper

@Suite("Demand traces")
struct DemandTraceTests {
    @Test("Seed 2000 gives the study's flows and capacities")
    func matchesStudy() {
        let trace = DemandTrace(scenario: Scenario(), seed: 2000)
        #expect(trace.flows.count == 1569)
        #expect(trace.flows[0].kind == .voice)
        #expect(abs(trace.flows[0].end - 4.70053535) < 1e-8)
        #expect(abs(trace.flows[0].hash - 0.497849292) < 1e-9)
        #expect(trace.flows[100].kind == .attack)
        #expect(abs(trace.flows[100].start - 11.8042872) < 1e-7)
        #expect(abs(trace.flows[100].flaggedAt - 13.6084178) < 1e-7)
        #expect(trace.capacity.count == 12_000)
        #expect(trace.capacity[1000][1] == 3.5e6)
        #expect(abs(trace.capacity[1000][2] - 7_361_666.333) < 0.01)
        #expect(trace.capacity[11_999][2] == 2.5e6)
    }

    @Test("A site without floods has no attacks, and one with a perfect detector flags each at once")
    func floodsAndDetector() {
        let quiet = DemandTrace(scenario: Scenario(floods: false), seed: 3)
        #expect(!quiet.flows.contains { $0.kind == .attack })
        let watched = DemandTrace(scenario: Scenario(detector: .perfect), seed: 3)
        let attacks = watched.flows.filter { $0.kind == .attack }
        #expect(!attacks.isEmpty)
        #expect(attacks.allSatisfy { $0.flaggedAt == $0.start })
        #expect(watched.flows.allSatisfy { $0.kind == .attack || $0.flaggedAt == .infinity })
    }

    @Test("The detector's recall and false positives are those of its model over many seeds")
    func detectorRates() {
        var attacks = (flagged: 0, all: 0)
        var videos = (flagged: 0, all: 0)
        for seed in 0..<60 {
            for flow in DemandTrace(scenario: Scenario(), seed: UInt64(seed)).flows {
                if flow.kind == .attack {
                    attacks.all += 1
                    attacks.flagged += flow.flaggedAt < .infinity ? 1 : 0
                    if flow.flaggedAt < .infinity { #expect((1...2.5).contains(flow.flaggedAt - flow.start)) }
                } else if flow.kind == .video || flow.kind == .bulk {
                    videos.all += 1
                    videos.flagged += flow.flaggedAt < .infinity ? 1 : 0
                }
                if flow.kind == .voice { #expect(flow.flaggedAt == .infinity) }
            }
        }
        #expect((0.92...0.98).contains(Double(attacks.flagged) / Double(attacks.all)))
        #expect((0.01...0.03).contains(Double(videos.flagged) / Double(videos.all)))
    }

    @Test("A window keeps what runs, drops what was begun, and has the capacity of its time")
    func window() {
        let trace = DemandTrace(scenario: Scenario(), seed: 2003)
        let part = trace.window(from: 30, lasting: 20)
        #expect(part.capacity.count == 2000 && part.capacity[0] == trace.capacity[3000])
        #expect(part.flows.allSatisfy { $0.start >= 0 && $0.start < 20 && $0.end > 0 })
        let calls = trace.flows.filter { $0.kind == .voice && $0.start < 50 && $0.end > 30 }.count
        #expect(part.flows.filter { $0.kind == .voice }.count == calls)
        let files = trace.flows.filter { $0.kind == .bulk && (30..<50).contains($0.start) }.count
        #expect(part.flows.filter { $0.kind == .bulk }.count == files)
        #expect(Contender.fifoECMP.run(part).meanLatency > 0)
    }
}
