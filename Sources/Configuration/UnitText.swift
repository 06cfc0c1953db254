// Numbers with units, as people write them.

/// Reads sizes and durations from the command line and from configuration files.
public enum UnitText {
    /// Bytes from `65536`, `64KiB`, `512MiB`, `2GiB`, `500MB` and the like; nil for anything else.
    public static func bytes(_ text: String) -> Int? {
        scaled(
            text,
            by: [
                "": 1, "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40, "kB": 1000,
                "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000,
            ])
    }

    /// Seconds from `90`, `90s`, `15m`, `2h`, `1d`; nil for anything else.
    public static func seconds(_ text: String) -> Int? {
        scaled(text, by: ["": 1, "s": 1, "m": 60, "h": 3600, "d": 86400])
    }

    /// Bit/s from `64kbit`, `20Mbit`, `1Gbit` and the like; nil for anything else.
    public static func bitRate(_ text: String) -> Int? {
        scaled(text, by: ["bit": 1, "kbit": 1000, "Mbit": 1_000_000, "Gbit": 1_000_000_000])
    }

    /// Microseconds from `500us`, `10ms`, `1s`; nil for anything else.
    public static func microseconds(_ text: String) -> Int? {
        scaled(text, by: ["us": 1, "ms": 1000, "s": 1_000_000])
    }

    private static func scaled(_ text: String, by units: [String: Int]) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text[digits.endIndex...].drop { $0 == " " }
        guard let number = Int(digits), let factor = units[String(unit)] else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }
}
