// Headings, facts and columns of a page of text.

/// Collects lines of text with aligned columns, coloured or not.
public struct TextPage {
    public private(set) var text = ""
    let colors: Bool

    public init(colors: Bool) {
        self.colors = colors
    }

    /// Appends a line; spaces at its end are dropped.
    public mutating func line(_ content: String) {
        var content = content[...]
        while content.last == " " { content.removeLast() }
        text += content + "\n"
    }

    /// Appends a heading with an empty line before it, except at the top.
    public mutating func heading(_ title: String) {
        if !text.isEmpty { text += "\n" }
        line(colored(title, "1;36"))
    }

    /// Appends a name and what there is to say about it.
    public mutating func fact(_ name: String, _ value: String, width: Int = 12) {
        line("  " + colored(Self.padded(name, width), "2") + value)
    }

    /// Appends cells side by side.
    /// - Parameter widths: columns of each cell; positive aligns to the left, negative to the right.
    public mutating func row(_ cells: [String], _ widths: [Int], isHeader: Bool = false) {
        var content = "  "
        for (cell, width) in zip(cells, widths) {
            content += Self.padded(cell, width)
        }
        line(isHeader ? colored(content, "2") : content)
    }

    private func colored(_ content: String, _ code: String) -> String {
        colors ? "\u{1b}[\(code)m\(content)\u{1b}[0m" : content
    }

    /// Fills up with spaces to a width; what is longer gets a single space, so that columns never touch.
    private static func padded(_ content: String, _ width: Int) -> String {
        let missing = max(width.magnitude > content.count ? Int(width.magnitude) - content.count : 1, 0)
        let spaces = String(repeating: " ", count: missing)
        return width < 0 ? spaces + content : content + spaces
    }
}
