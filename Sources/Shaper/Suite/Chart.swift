// Small pictures as SVG text.

/// Charts that need no library: bars of means and lines over steps.
public enum Chart {
    private static let width = 720.0
    private static let palette = ["#1f5fa8", "#c4501b", "#3b8132", "#7a4fa0", "#8a6d1f", "#4d4d4d"]

    /// One horizontal bar with a whisker for each estimate; negative ones go left.
    static func bars(title: String, _ bars: [(label: String, estimate: Estimate)], unit: String) -> String {
        let row = 26.0
        let left = 300.0
        let height = 50 + row * Double(bars.count)
        let low = min(0, bars.map(\.estimate.low).min() ?? 0)
        let high = max(0, bars.map(\.estimate.high).max() ?? 0)
        let span = max(high - low, 1e-9)
        func position(_ value: Double) -> Double { left + (value - low) / span * (width - left - 90) }
        var svg = open(height: height, title: title)
        for (index, bar) in bars.enumerated() {
            let top = 40 + row * Double(index)
            let middle = top + 9
            let from = position(min(0, bar.estimate.value))
            let to = position(max(0, bar.estimate.value))
            svg += "<text x='\(point(left - 8))' y='\(point(middle + 4))' text-anchor='end'>\(escape(bar.label))</text>"
            svg += "<rect x='\(point(from))' y='\(point(top))' width='\(point(to - from))' height='18' fill='#1f5fa8'/>"
            svg +=
                "<path d='M\(point(position(bar.estimate.low))) \(point(middle))H\(point(position(bar.estimate.high)))'"
            svg += " stroke='#111' stroke-width='2'/>"
            let text = Decimal.text(bar.estimate.value, places: 1, signed: true) + " " + unit
            svg += "<text x='\(point(width - 4))' y='\(point(middle + 4))' text-anchor='end'>\(escape(text))</text>"
        }
        return svg + "<path d='M\(point(position(0))) 34V\(point(height - 8))' stroke='#111'/></svg>\n"
    }

    /// A line for each series over a common horizontal axis.
    public static func lines(
        title: String, xLabel: String, yLabel: String, _ series: [(label: String, points: [(x: Double, y: Double)])]
    ) -> String {
        let height = 360.0
        let (left, right, top, bottom) = (70.0, 20.0, 50.0, 50.0)
        let points = series.flatMap(\.points)
        let xs = (low: points.map(\.x).min() ?? 0, high: points.map(\.x).max() ?? 1)
        let ys = (low: points.map(\.y).min() ?? 0, high: points.map(\.y).max() ?? 1)
        func horizontal(_ x: Double) -> Double {
            left + (x - xs.low) / max(xs.high - xs.low, 1e-12) * (width - left - right)
        }
        func vertical(_ y: Double) -> Double {
            height - bottom - (y - ys.low) / max(ys.high - ys.low, 1e-12) * (height - top - bottom)
        }
        var svg = open(height: height, title: title)
        svg += "<path d='M\(point(left)) \(point(top))V\(point(height - bottom))H\(point(width - right))'"
        svg += " fill='none' stroke='#111'/>"
        for tick in 0...4 {
            let share = Double(tick) / 4
            let x = xs.low + share * (xs.high - xs.low)
            let y = ys.low + share * (ys.high - ys.low)
            svg += "<text x='\(point(horizontal(x)))' y='\(point(height - bottom + 18))' text-anchor='middle'>"
            svg += Decimal.text(x, places: 0) + "</text>"
            svg += "<text x='\(point(left - 6))' y='\(point(vertical(y) + 4))' text-anchor='end'>"
            svg += Decimal.text(y, places: 3) + "</text>"
        }
        for (index, line) in series.enumerated() {
            let colour = palette[index % palette.count]
            let path = line.points.map { "\(point(horizontal($0.x))) \(point(vertical($0.y)))" }
            svg += "<polyline points='\(path.joined(separator: " "))' fill='none' stroke='\(colour)' stroke-width='2'/>"
            svg += "<text x='\(point(left + 10))' y='\(point(top + 14 * Double(index + 1)))' fill='\(colour)'>"
            svg += escape(line.label) + "</text>"
        }
        svg += "<text x='\(point(width / 2))' y='\(point(height - 10))' text-anchor='middle'>\(escape(xLabel))</text>"
        return svg + "<text x='8' y='\(point(top - 8))'>\(escape(yLabel))</text></svg>\n"
    }

    private static func open(height: Double, title: String) -> String {
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 \(point(width)) \(point(height))' "
            + "font-family='sans-serif' font-size='12'><rect width='100%' height='100%' fill='#fff'/>"
            + "<text x='8' y='20' font-size='15'>\(escape(title))</text>"
    }

    private static func point(_ value: Double) -> String { Decimal.text(value, places: 1) }

    private static func escape(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "'": escaped += "&apos;"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
