// When the detector stops only learning.

import Testing

@testable import Anomaly

@Suite("Baseline")
struct BaselineTests {
    /// The minute in which a baseline ends, with the strongest finding of each five minutes.
    private func end(of seconds: Double?, findings: [Float], records: Int = 1000) -> Int? {
        var baseline = Baseline(seconds: seconds)
        for second in 0..<(70 * 60) {
            baseline.advance(to: DetectorClock.origin + UInt32(second) * DetectorClock.ticksPerSecond, records: records)
            if baseline.isOver { return second / 60 }
            let window = second / 300
            baseline.note(window < findings.count ? findings[window] : 0)
        }
        return nil
    }

    @Test("It ends with the first five minutes that bring nothing stranger than those before")
    func settles() {
        #expect(end(of: nil, findings: [0, 4, 3]) == 15)
        #expect(end(of: nil, findings: [0, 3, 4, 5, 4.5]) == 25)
    }

    @Test("It lasts fifteen minutes at least, and an hour at most")
    func bounds() {
        #expect(end(of: nil, findings: []) == 15)
        #expect(end(of: nil, findings: (1...20).map(Float.init)) == 60)
    }

    @Test("It does not end before there are records enough to learn from")
    func quiet() {
        #expect(end(of: nil, findings: [], records: 20) == 60)
    }

    @Test("It lasts as long as the operator says, whatever is found")
    func stated() {
        #expect(end(of: 120, findings: [1, 2, 3]) == 2)
        #expect(end(of: 1500, findings: []) == 25)
    }
}
