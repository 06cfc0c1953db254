// Counts over sliding windows, and what an entity reached before.

import Testing

@testable import Anomaly

@Suite("Counts over time")
struct WindowTests {
    private let start: UInt32 = 65_600

    @Test("A thing seen again within the window is counted once, and after it again")
    func distinct() {
        var window = WindowCount()
        #expect(window.add(start, width: 160) == 1)
        #expect(window.add(start + 100, last: start, width: 160) == 1)
        #expect(window.add(start + 200, width: 160) == 2)
        #expect(window.count(start + 10_000, width: 160) == 0)
        #expect(window.add(start + 10_000, last: start + 200, width: 160) == 1)
    }

    @Test("A sliding count of distinct things agrees with a list of when each was seen last")
    func agreesWithList() {
        var window = WindowCount()
        var seen: [Int: UInt32] = [:]
        var now = start
        var state: UInt64 = 7
        for _ in 0..<5000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            now += UInt32(state >> 60)
            let thing = Int(state >> 40 & 63)
            let count = window.add(now, last: seen[thing] ?? 0, width: 16)
            seen[thing] = now
            // The window holds whole slots: the current one and the five before it.
            let oldest = (now / 16 - 5) * 16
            #expect(count == seen.values.count { $0 >= oldest })
        }
    }

    @Test("The present burst is not part of the past, and what is discarded never becomes it")
    func pastWaits() {
        let minute: UInt32 = 960
        var past = PastMaxima()
        past.note(50, 1, start)
        past.note(7, 2, start)
        #expect(past.value(1, start + minute) == 0)
        #expect(past.value(1, start + 4 * minute) == 50)
        past.note(900, 1, start + 4 * minute)
        past.discard(1)
        #expect(past.value(1, start + 10 * minute) == 50)
        #expect(past.value(2, start + 10 * minute) == 7)
        #expect(past.value(0, start + 10 * minute) == 0)
    }
}
