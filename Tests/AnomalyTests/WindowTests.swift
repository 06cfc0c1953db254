// Counts over sliding windows.

import Testing

@testable import Anomaly

@Suite("Sliding windows")
struct WindowTests {
    @Test("A thing seen again within the window is counted once, and after it again")
    func distinct() {
        var window = WindowCount()
        let start: UInt32 = 65_600
        #expect(window.add(start, width: 160) == 1)
        #expect(window.add(start + 100, last: start, width: 160) == 1)
        #expect(window.add(start + 200, width: 160) == 2)
        #expect(window.add(start + 100 + 960, last: start + 100, width: 160) == 2)
        #expect(window.count(start + 10_000, width: 160) == 0)
    }
}
