// From seconds since the epoch to year, month, day and time of day.

/// A moment on the calendar of UTC.
public struct CivilTime: Hashable, Sendable {
    public var year: Int
    /// 1 to 12.
    public var month: Int
    /// 1 to 31.
    public var day: Int
    public var hour: Int
    public var minute: Int
    public var second: Int
}

/// Converts seconds since the epoch to the proleptic Gregorian calendar and remembers the last day and second it met,
/// because consecutive events rarely leave them.
///
/// Dates after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2021), civil_from_days. Packet time knows
/// no leap seconds.
public struct CivilCalendar: Sendable {
    private var lastSecond = Int64.min
    private var lastDay = Int64.min
    private var last = CivilTime(year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0)

    public init() {}

    /// The calendar's view of a moment `seconds` after 1970-01-01T00:00:00Z.
    @inline(__always)
    public mutating func time(of seconds: Int64) -> CivilTime {
        if seconds != lastSecond { move(to: seconds) }
        return last
    }

    private mutating func move(to seconds: Int64) {
        var day = seconds / 86400
        var rest = Int(seconds % 86400)
        if rest < 0 {
            day -= 1
            rest += 86400
        }
        if day != lastDay {
            (last.year, last.month, last.day) = Self.civil(day)
            lastDay = day
        }
        last.hour = rest / 3600
        last.minute = rest / 60 % 60
        last.second = rest % 60
        lastSecond = seconds
    }

    /// Year, month and day of a count of days since 1970-01-01.
    ///
    /// The era of 400 years starts on 1 March, so that a leap day is the last day of its year.
    static func civil(_ days: Int64) -> (year: Int, month: Int, day: Int) {
        let shifted = Int(days) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
