// Tests: time units of pcapng interfaces.

import NetTypes
import Testing

@testable import Capture

@Suite("Time units of pcapng interfaces")
struct TimestampResolutionTests {
    @Test("Powers of ten up to nanoseconds are multiplied, smaller units rounded towards the past")
    func decimal() {
        #expect(TimestampResolution(code: 0).time(ticks: 1_700_000_000) == Timestamp(seconds: 1_700_000_000))
        #expect(TimestampResolution(code: 3).time(ticks: 1234) == Timestamp(nanoseconds: 1_234_000_000))
        #expect(TimestampResolution().time(ticks: 1_700_000_000_123_456).nanoseconds == 1_700_000_000_123_456_000)
        #expect(
            TimestampResolution(code: 9).time(ticks: 1_700_000_000_123_456_789).nanoseconds == 1_700_000_000_123_456_789
        )
        #expect(TimestampResolution(code: 12).time(ticks: 1_999).nanoseconds == 1)
        #expect(TimestampResolution(code: 12).time(ticks: UInt64.max).nanoseconds == 18_446_744_073_709_551)
        #expect(TimestampResolution(code: 28).time(ticks: UInt64.max).nanoseconds == 1)
        #expect(TimestampResolution(code: 29).time(ticks: UInt64.max).nanoseconds == 0)
        #expect(TimestampResolution(code: 127).time(ticks: UInt64.max).nanoseconds == 0)
    }

    @Test("Powers of two are exact where floating point would not be")
    func binary() {
        #expect(TimestampResolution(code: 0x80).time(ticks: 7) == Timestamp(seconds: 7))
        #expect(TimestampResolution(code: 0x81).time(ticks: 3).nanoseconds == 1_500_000_000)
        // 2^32 units a second, as in NTP: one tick short of a second, and a time of this century.
        #expect(TimestampResolution(code: 0xa0).time(ticks: 0xffff_ffff).nanoseconds == 999_999_999)
        let seconds: UInt64 = 1_700_000_000
        #expect(
            TimestampResolution(code: 0xa0).time(ticks: seconds << 32 | 0x8000_0000)
                == Timestamp(seconds: 1_700_000_000, nanoseconds: 500_000_000))
        #expect(TimestampResolution(code: 0xbf).time(ticks: UInt64.max).nanoseconds == 1_999_999_999)
        #expect(TimestampResolution(code: 0xff).time(ticks: UInt64.max).nanoseconds == 0)
    }

    @Test("Offsets move times either way, and nonsense is held at the limit instead of wrapping")
    func offsets() {
        #expect(
            TimestampResolution(code: 9, offsetSeconds: -5).time(ticks: 1) == Timestamp(seconds: -5, nanoseconds: 1))
        #expect(
            TimestampResolution(code: 6, offsetSeconds: 1_000_000_000).time(ticks: 1)
                == Timestamp(seconds: 1_000_000_000, nanoseconds: 1000))
        #expect(TimestampResolution(code: 0).time(ticks: UInt64.max).nanoseconds == Int64.max / 2)
        #expect(TimestampResolution(offsetSeconds: .min).time(ticks: 0).nanoseconds == -(Int64.max / 2))
    }
}
