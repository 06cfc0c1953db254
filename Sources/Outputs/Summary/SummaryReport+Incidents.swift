// What was found, in the summary.

import NetTypes

extension SummaryReport {
    /// Incidents that are named; the log has all.
    private static let rows = 10
    /// What names of signatures begin with, which says nothing here.
    private static let prefix = "LEPTON "

    func addIncidents(to page: inout TextPage) {
        guard let incidents = totals.incidents else { return }
        page.heading("Incidents")
        guard incidents.count > 0 else {
            page.line(totals.isLearning ? "  none: the detector only learned, up to the end (--baseline)" : "  none")
            return
        }
        let shown = incidents.worst(Self.rows)
        let rest = incidents.count > shown.count ? ", the worst \(shown.count) here" : ""
        page.line(
            "  \(HumanUnits.count(UInt64(incidents.count))) with \(HumanUnits.count(UInt64(incidents.alerts))) alerts\(rest)"
        )
        page.row(["level", "risk", "opened", "  what, attacker → victim"], Self.widths, isHeader: true)
        for incident in shown {
            let alerts = HumanUnits.count(UInt64(incident.alerts), of: "alert")
            let opened = String(HumanUnits.date(incident.opened).dropFirst("2026-".count))
            page.row(
                [incident.level.rawValue, "\(incident.risk)", opened, "  " + Self.name(incident.signature)],
                Self.widths)
            page.row(
                ["", "", "", "  \(incident.source) → \(incident.target), \(alerts), \(Self.identifier(incident.id))"],
                Self.widths)
        }
    }

    private static let widths = [9, -4, -16, 0]

    private static func name(_ signature: String) -> String {
        signature.hasPrefix(prefix) ? String(signature.dropFirst(prefix.count)) : signature
    }

    /// As it stands in the log.
    private static func identifier(_ incident: UInt64) -> String {
        let digits = String(incident, radix: 16)
        return "i-" + String(repeating: "0", count: 16 - digits.count) + digits
    }

    func writeIncidents(to json: inout JSONWriter) {
        guard let incidents = totals.incidents else { return }
        json.beginObject("incidents")
        json.member("count", UInt64(incidents.count))
        json.member("alerts", UInt64(incidents.alerts))
        json.beginArray("worst")
        for incident in incidents.worst(Self.rows) {
            json.beginObject()
            json.member("id", incident: incident.id)
            json.member("level", incident.level.rawValue)
            json.member("risk", UInt64(incident.risk))
            json.member("opened", incident.opened)
            json.member("last", incident.last)
            json.member("signature", incident.signature)
            json.member("technique", incident.technique.id)
            json.member("source", incident.source)
            json.member("target", incident.target)
            json.member("alerts", UInt64(incident.alerts))
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }
}
