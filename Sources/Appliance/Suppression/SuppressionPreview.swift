// What a suppression file would have hidden.

import NetTypes
import Outputs

/// Holds a suppression file against the latest alerts of a log.
public struct SuppressionPreview {
    private let list: SuppressionList
    private let alerts: ArraySlice<LoggedAlert>

    /// - Parameters:
    ///   - folder: the log's folder.
    ///   - last: how many of the latest alerts are looked at.
    public init(_ list: SuppressionList, log folder: String, last: Int) throws(UserError) {
        self.list = list
        alerts = try AlertLog(folder: folder).alerts.suffix(last)
    }

    /// A sentence, a line an entry, and the critical alerts that would not be seen.
    public var text: String {
        var page = TextPage(colors: false)
        let hidden = alerts.compactMap { alert in
            SuppressionSubject(alert).flatMap { list.entry(hiding: $0) }.map { (entry: $0, alert: alert) }
        }
        let critical = hidden.filter { $0.alert.level == .critical }
        page.line(
            "\(list.path) hides \(hidden.count) of the last \(alerts.count) alerts; "
                + "\(critical.count) of them are critical.")
        page.heading("By entry")
        page.row(["hidden", "critical", "line", "reason"], [8, 10, 6, 40], isHeader: true)
        for (index, entry) in list.entries.enumerated() {
            let own = hidden.filter { $0.entry == index }
            page.row(
                ["\(own.count)", "\(own.count { $0.alert.level == .critical })", "\(entry.line)", entry.reason],
                [8, 10, 6, 40])
        }
        if !critical.isEmpty { page.heading("Critical alerts that would be hidden") }
        for (_, alert) in critical {
            page.line(
                "  \(alert.identifier)  \(alert.alert.source.ip) -> \(alert.alert.target.ip)  \(alert.alert.signature)")
        }
        return page.text
    }
}
