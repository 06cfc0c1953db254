// Moments as people and logs write them.

import NetTypes

/// Reads dates and times in the manner of RFC 3339 and of EVE.
public enum MomentText {
    /// A moment from `2026-01-31`, `2026-01-31T08:30:00Z`, `2026-01-31T08:30:00.123456+0000` or `…+01:00`; without a
    /// zone it is UTC. Nil for anything else.
    public static func timestamp(_ text: String) -> Timestamp? {
        var rest = Array(text.utf8)[...]
        guard let year = number(&rest, digits: 4), take(&rest, "-"), let month = number(&rest, digits: 2),
            take(&rest, "-"), let day = number(&rest, digits: 2), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        let midnight = daysSinceEpoch(year, month, day) * 86400
        if rest.isEmpty { return Timestamp(seconds: midnight) }
        guard take(&rest, "T") || take(&rest, " "), let hour = number(&rest, digits: 2), take(&rest, ":"),
            let minute = number(&rest, digits: 2), hour < 24, minute < 60
        else { return nil }
        var second: Int64 = 0
        var nanoseconds: Int64 = 0
        if take(&rest, ":") {
            guard let value = number(&rest, digits: 2), value < 61 else { return nil }
            second = value
            if take(&rest, ".") {
                guard let fraction = fraction(&rest) else { return nil }
                nanoseconds = fraction
            }
        }
        guard let offset = zone(&rest), rest.isEmpty else { return nil }
        let seconds = midnight + hour * 3600 + minute * 60 + second - offset
        return Timestamp(seconds: seconds, nanoseconds: nanoseconds)
    }

    /// Days from 1970-01-01 in the Gregorian calendar (Richards, Mapping Time, 1998, chapter 25).
    private static func daysSinceEpoch(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = (month + 9) % 12
        let years = year - shifted / 10
        return 365 * years + years / 4 - years / 100 + years / 400 + (shifted * 306 + 5) / 10 + day - 1 - 719_468
    }

    private static func number(_ rest: inout ArraySlice<UInt8>, digits: Int) -> Int64? {
        let text = rest.prefix(digits)
        guard text.count == digits, text.allSatisfy({ $0 >= 48 && $0 < 58 }) else { return nil }
        rest = rest.dropFirst(digits)
        return text.reduce(0) { $0 * 10 + Int64($1 - 48) }
    }

    private static func take(_ rest: inout ArraySlice<UInt8>, _ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// Up to nine digits behind the point, as nanoseconds.
    private static func fraction(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        let digits = rest.prefix { $0 >= 48 && $0 < 58 }
        guard (1...9).contains(digits.count) else { return nil }
        rest = rest.dropFirst(digits.count)
        let value = digits.reduce(0) { $0 * 10 + Int64($1 - 48) }
        return (digits.count..<9).reduce(value) { sum, _ in sum * 10 }
    }

    /// Seconds that the zone is ahead of UTC.
    private static func zone(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        if rest.isEmpty || take(&rest, "Z") { return 0 }
        let isAhead = take(&rest, "+")
        guard isAhead || take(&rest, "-"), let hours = number(&rest, digits: 2) else { return nil }
        _ = take(&rest, ":")
        guard let minutes = number(&rest, digits: 2), hours < 24, minutes < 60 else { return nil }
        return (isAhead ? 1 : -1) * (hours * 3600 + minutes * 60)
    }
}
