// Numbers as text, the same on every machine and in every locale.

/// Fixed-point rendering without Foundation.
enum Decimal {
    /// The number with a fixed count of decimal places; ties go away from zero. Not-a-number renders as "-".
    static func text(_ value: Double, places: Int, signed: Bool = false) -> String {
        guard value.isFinite else { return "-" }
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = (abs(value) * scale).rounded(.toNearestOrAwayFromZero)
        guard scaled < 1e15 else { return "\(value)" }
        let digits = Int(scaled)
        let unit = Int(scale)
        let isNegative = value < 0 && digits > 0
        var text = isNegative ? "-" : (signed ? "+" : "")
        text += "\(digits / unit)"
        if places > 0 {
            let fraction = "\(digits % unit)"
            text += "." + String(repeating: "0", count: places - fraction.count) + fraction
        }
        return text
    }
}
