// Tests of the calendar against the C library.

import Glibc
import NetTypes
import Outputs
import TestSupport
import Testing

@Suite("Calendar")
struct CivilCalendarTests {
    @Test("Dates agree with the C library over the range of timestamps")
    func agreesWithC() {
        var random = SeededGenerator(seed: 11)
        var calendar = CivilCalendar()
        // Int64 nanoseconds reach from 1677 to 2262.
        for _ in 0..<20_000 {
            let seconds = Int64.random(in: -9_223_372_036...9_223_372_036, using: &random)
            // A run of neighbours exercises what the calendar remembers, also across midnight.
            for step in [0, 0, 1, 3600, 86399, -1] as [Int64] { check(seconds + step, &calendar) }
        }
    }

    @Test(
        "Ends of months, years and centuries", arguments: [-1, 0, 951_782_399, 951_782_400, 951_868_800, 4_107_542_399])
    func borders(seconds: Int64) {
        var calendar = CivilCalendar()
        check(seconds, &calendar)
    }

    private func check(_ seconds: Int64, _ calendar: inout CivilCalendar) {
        var time = time_t(seconds)
        var expected = tm()
        gmtime_r(&time, &expected)
        let found = calendar.time(of: seconds)
        #expect(
            [found.year, found.month, found.day, found.hour, found.minute, found.second]
                == [
                    Int(expected.tm_year) + 1900, Int(expected.tm_mon) + 1, Int(expected.tm_mday),
                    Int(expected.tm_hour), Int(expected.tm_min), Int(expected.tm_sec),
                ], "\(seconds)")
    }

    @Test(
        "EVE timestamps cut to microseconds, also before the epoch",
        arguments: [
            (1_768_469_412_123_456_789, "2026-01-15T09:30:12.123456+0000"),
            (0, "1970-01-01T00:00:00.000000+0000"),
            (-1, "1969-12-31T23:59:59.999999+0000"),
            (999, "1970-01-01T00:00:00.000000+0000"),
            (Int64.max, "2262-04-11T23:47:16.854775+0000"),
        ] as [(Int64, String)])
    func timestamps(nanoseconds: Int64, expected: String) {
        var json = JSONWriter()
        json.beginLine()
        json.member("t", Timestamp(nanoseconds: nanoseconds))
        json.endLine()
        #expect(text(of: json) == "{\"t\":\"\(expected)\"}")
    }
}
