// Incidents and their threshold.

import NetTypes
import Testing

@testable import Anomaly

@Suite("Incidents")
struct IncidentTests {
    private func add(
        _ book: inout IncidentBook, owner: UInt64, peer: UInt64 = 99, score: Float = 7, top: UInt32 = 0, at tick: UInt32
    ) -> IncidentEntry {
        book.add(
            IncidentFinding(
                owner: owner, peer: peer, pair: owner ^ peer, score: score, families: 1 << top, top: top,
                entity: IPAddress(v4: UInt32(owner)), attacker: IPAddress(v4: UInt32(owner)),
                victim: IPAddress(v4: UInt32(peer)), time: Timestamp(nanoseconds: Int64(tick) * 62_500_000)), tick)
    }

    @Test("A spell of findings is one incident with an alert every two minutes")
    func oneIncident() {
        var book = IncidentBook(policy: DetectionPolicy())
        var alerts = 0
        var identifiers: Set<UInt64> = []
        for second in 0..<600 {
            let entry = add(&book, owner: 1, at: 65_536 + UInt32(second) * 16)
            identifiers.insert(entry.id)
            if entry.isAlertDue { alerts += 1 }
        }
        #expect(identifiers.count == 1)
        #expect(alerts == 5)
    }

    @Test("Another kind of behaviour and a much stronger finding are told at once, more of the same is not")
    func news() {
        var book = IncidentBook(policy: DetectionPolicy())
        #expect(add(&book, owner: 1, at: 70_000).isAlertDue)
        #expect(!add(&book, owner: 1, score: 8, at: 70_016).isAlertDue)
        #expect(add(&book, owner: 1, top: 3, at: 70_032).isAlertDue)
        #expect(!add(&book, owner: 1, top: 3, at: 70_048).isAlertDue)
        #expect(add(&book, owner: 1, score: 10.5, at: 70_064).isAlertDue)
        #expect(!add(&book, owner: 1, score: 11, at: 70_080).isAlertDue)
    }

    @Test("An incident is closed after the gap, and the other side of its pair joins it before")
    func gapAndJoin() {
        var book = IncidentBook(policy: DetectionPolicy())
        let first = add(&book, owner: 1, peer: 2, at: 70_000)
        let joined = add(&book, owner: 2, peer: 1, at: 70_100)
        #expect(joined.id == first.id && !joined.isNew)
        let later = add(&book, owner: 1, peer: 2, at: 70_100 + 601 * 16)
        #expect(later.isNew && later.id != first.id)
    }

    @Test("A closed incident is reported once, after the gap, with its first and last finding and all that took part")
    func closing() throws {
        var book = IncidentBook(policy: DetectionPolicy())
        _ = add(&book, owner: 1, score: 7, top: 2, at: 70_000)
        _ = add(&book, owner: 1, peer: 7, score: 9, top: 4, at: 70_160)
        _ = add(&book, owner: 1, score: 8, top: 4, at: 70_320)
        _ = add(&book, owner: 5, at: 75_000)
        #expect(book.takeClosed(70_320 + 600 * 16).isEmpty)
        let closed = book.takeClosed(70_320 + 600 * 16 + 1)
        let incident = try #require(closed.first)
        #expect(closed.count == 1)
        #expect(incident.findings == 3 && incident.alerts == 2)
        #expect(incident.families == 1 << 2 | 1 << 4)
        #expect(incident.peak == 9 && incident.victim.address == IPAddress(v4: 7))
        #expect(incident.first == 70_000 * 62_500_000 && incident.last == 70_320 * 62_500_000)
        #expect(book.takeClosed(80_000).isEmpty)
        #expect(book.takeClosed(90_000).map(\.entity.address) == [IPAddress(v4: 5)])
    }

    @Test("A host that gets into trouble again before the end was reported has both incidents reported")
    func closingBetweenTicks() {
        var book = IncidentBook(policy: DetectionPolicy())
        let first = add(&book, owner: 1, at: 70_000)
        let second = add(&book, owner: 1, at: 70_000 + 601 * 16)
        #expect(book.takeClosed(70_000 + 602 * 16).map(\.id) == [first.id])
        #expect(book.takeClosed(70_000 + 1300 * 16).map(\.id) == [second.id])
        #expect(book.shed == 0)
    }

    @Test("A larger budget or a calmer baseline lowers the threshold")
    func budget() {
        let heights = [3.0, 3.5, 4.2, 5.0, 6.1]
        let one = IncidentThreshold.threshold(heights: heights, hours: 1, learned: 3600, budget: 1)
        let ten = IncidentThreshold.threshold(heights: heights, hours: 1, learned: 3600, budget: 10)
        #expect(ten < one)
        let calm = IncidentThreshold.threshold(heights: [3.0], hours: 1, learned: 3600, budget: 1)
        #expect(calm < one)
        let short = IncidentThreshold.threshold(heights: [3.0], hours: 0.1, learned: 420, budget: 1)
        #expect(short > IncidentThreshold.threshold(heights: [3.0], hours: 0.1, learned: 1200, budget: 1))
    }
}
