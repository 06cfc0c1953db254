// What a jump of the machine's clock does to packet times.

import Testing

@testable import Capture

@Suite("The clock of a live capture")
struct CaptureClockTests {
    private static let second: Int64 = 1_000_000_000

    @Test("A clock that is slewed by less than two seconds is nobody's business")
    func slewed() {
        var clock = CaptureClock()
        let start = CaptureClock.realTime - CaptureClock.steadyTime
        #expect(clock.check(distance: start) == nil)
        #expect(clock.check(distance: start + Self.second) == nil)
        #expect(clock.check(distance: start - Self.second / 2) == nil)
        #expect(clock.shift == 0)
    }

    @Test("After a jump back packet time goes on where it was, and the operator is told by how much it is ahead")
    func back() throws {
        var clock = CaptureClock()
        let start = CaptureClock.realTime - CaptureClock.steadyTime
        #expect(clock.check(distance: start) == nil)
        let words = try #require(clock.check(distance: start - 3600 * Self.second))
        #expect(words.contains("back by 3600 s"))
        #expect(clock.shift == 3600 * Self.second)
        #expect(clock.check(distance: start - 3600 * Self.second) == nil)
    }

    @Test("A jump ahead is told, and packet time follows it")
    func ahead() throws {
        var clock = CaptureClock()
        let start = CaptureClock.realTime - CaptureClock.steadyTime
        #expect(clock.check(distance: start) == nil)
        let words = try #require(clock.check(distance: start + 90 * Self.second))
        #expect(words.contains("ahead by 90 s"))
        #expect(clock.shift == 0)
    }
}
