// What a jump of the machine's clock does to packet times.

import Testing

@testable import Capture

@Suite("The clock of a live capture")
struct CaptureClockTests {
    private static let second: Int64 = 1_000_000_000

    /// Whether a check tells nothing.
    private func quiet(_ clock: inout CaptureClock, _ distance: Int64) -> Bool {
        clock.check(distance: distance) == nil
    }

    @Test("A clock that is slewed by less than two seconds is nobody's business")
    func slewed() {
        var clock = CaptureClock()
        let start = CaptureClock.realTime - CaptureClock.steadyTime
        let isQuiet1 = quiet(&clock, start)
        #expect(isQuiet1)
        let isQuiet2 = quiet(&clock, start + Self.second)
        #expect(isQuiet2)
        let isQuiet3 = quiet(&clock, start - Self.second / 2)
        #expect(isQuiet3)
        #expect(clock.shift == 0)
    }

    @Test("After a jump back packet time goes on where it was, and the operator is told by how much it is ahead")
    func back() throws {
        var clock = CaptureClock()
        let start = CaptureClock.realTime - CaptureClock.steadyTime
        let isQuiet4 = quiet(&clock, start)
        #expect(isQuiet4)
        let told = clock.check(distance: start - 3600 * Self.second)
        let words = try #require(told)
        #expect(words.contains("back by 3600 s"))
        #expect(clock.shift == 3600 * Self.second)
        let isQuiet5 = quiet(&clock, start - 3600 * Self.second)
        #expect(isQuiet5)
    }

    @Test("A jump ahead is told, and packet time follows it")
    func ahead() throws {
        var clock = CaptureClock()
        let start = CaptureClock.realTime - CaptureClock.steadyTime
        let isQuiet6 = quiet(&clock, start)
        #expect(isQuiet6)
        let told = clock.check(distance: start + 90 * Self.second)
        let words = try #require(told)
        #expect(words.contains("ahead by 90 s"))
        #expect(clock.shift == 0)
    }
}
