// Numbers for people: units, thousands, durations, sparklines.

import NetTypes

/// Formats quantities for a terminal. Never depends on a locale.
public enum HumanUnits {
    /// A moment to the second, in UTC: "2026-01-31 08:30:00".
    public static func date(_ time: Timestamp) -> String {
        var calendar = CivilCalendar()
        let civil = calendar.time(of: time.seconds)
        let two = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
        return "\(civil.year)-\(two(civil.month))-\(two(civil.day)) "
            + "\(two(civil.hour)):\(two(civil.minute)):\(two(civil.second))"
    }

    /// Bytes with decimal units and three digits: "1.23 GB".
    public static func bytes(_ value: UInt64) -> String {
        scaled(Double(value), ["B", "kB", "MB", "GB", "TB", "PB", "EB"])
    }

    /// A rate in bits per second: "940 Mbit/s".
    public static func bitRate(_ value: Double) -> String {
        scaled(value, ["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s", "Pbit/s"])
    }

    /// An integer with commas between thousands.
    public static func count(_ value: UInt64) -> String {
        var text = ""
        for (index, digit) in String(value).reversed().enumerated() {
            if index > 0, index % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }

    /// A number of things: "1 flow", "2,300 flows".
    public static func count(_ value: UInt64, of thing: String) -> String {
        value == 1 ? "1 \(thing)" : "\(count(value)) \(thing)s"
    }

    /// A duration in microseconds: "830 µs", "12.5 ms", "1.20 s".
    static func microseconds(_ value: UInt64) -> String { scaled(Double(value), ["µs", "ms", "s"]) }

    /// A duration in nanoseconds, from parts of a second to days.
    static func duration(_ nanoseconds: Int64) -> String {
        let seconds = nanoseconds / 1_000_000_000
        switch seconds {
        case ..<60: return scaled(Double(nanoseconds), ["ns", "µs", "ms", "s"])
        case ..<3600: return "\(seconds / 60) min \(seconds % 60) s"
        case ..<86400: return "\(seconds / 3600) h \(seconds / 60 % 60) min"
        default: return "\(seconds / 86400) d \(seconds / 3600 % 24) h"
        }
    }

    /// A share in per cent: "12.5 %"; small ones keep two digits.
    public static func share(_ part: UInt64, of whole: UInt64) -> String {
        guard whole > 0 else { return "-" }
        let share = Double(part) / Double(whole) * 100
        if part > 0, share < 0.005 { return "< 0.01 %" }
        return fixed(share, decimals: share > 0 && share < 1 ? 2 : 1) + " %"
    }

    /// Eight heights of blocks, scaled to the largest value; nothing is a space.
    static func sparkline(_ values: [Float], columns: Int) -> String {
        let step = max(1, (values.count + columns - 1) / columns)
        let merged = stride(from: 0, to: values.count, by: step).map { start in
            let group = values[start..<min(start + step, values.count)]
            return group.reduce(0, +) / Float(group.count)
        }
        guard let peak = merged.max(), peak > 0 else { return "" }
        let blocks = Array("▁▂▃▄▅▆▇█")
        return String(
            merged.map { value -> Character in
                value <= 0 ? " " : blocks[min(blocks.count - 1, Int(value / peak * Float(blocks.count)))]
            })
    }

    /// Three significant digits and a unit, each unit a thousand times the one before.
    private static func scaled(_ value: Double, _ units: [String]) -> String {
        var value = value
        var unit = 0
        while value >= 999.5, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        let decimals = unit == 0 && value == value.rounded() ? 0 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0
        return fixed(value, decimals: decimals) + " " + units[unit]
    }

    /// A number with the given count of decimals, at most 2.
    private static func fixed(_ value: Double, decimals: Int) -> String {
        let scale: UInt64 = [1, 10, 100][decimals]
        let scaled = UInt64((value * Double(scale)).rounded())
        guard decimals > 0 else { return "\(scaled)" }
        let fraction = String(scaled % scale)
        return "\(scaled / scale)." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }
}
