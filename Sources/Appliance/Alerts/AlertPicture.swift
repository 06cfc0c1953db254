// An alert as a picture in the terminal.

import Anomaly
import NetTypes
import Outputs

/// Draws why an alert was raised: its parts as bars, what is usual, what it is most like, what would have kept it quiet.
struct AlertPicture {
    let alert: LoggedAlert
    /// Alerts of the incident in the log.
    let alertsOfIncident: Int

    private static let barWidth = 24

    /// - Parameter colors: whether to use ANSI colours.
    func text(colors: Bool) -> String {
        var page = TextPage(colors: colors)
        addHeader(to: &page)
        addContributions(to: &page)
        addWords(to: &page)
        addNearest(to: &page)
        addCounterfactual(to: &page)
        return page.text
    }

    private func addHeader(to page: inout TextPage) {
        let evidence = alert.evidence
        page.heading("\(alert.identifier)  \(alert.alert.signature)")
        page.fact("when", alert.timestamp)
        page.fact("level", "\(alert.level.rawValue), risk \(evidence.risk) of 100")
        page.fact("incident", "\(evidence.incidentStage), alert \(evidence.incidentAlerts) of \(alertsOfIncident)")
        page.fact("attacker", Self.party(alert.alert.source))
        page.fact("victim", Self.party(alert.alert.target) + (alert.proto.map { ", \($0)" } ?? ""))
        let metadata = alert.alert.metadata ?? [:]
        if let technique = metadata["mitre_technique_id"]?.first, let name = metadata["mitre_technique_name"]?.first {
            let stage = metadata["mitre_tactic_name"]?.first.map { ", stage \(Self.plain($0))" } ?? ""
            page.fact("ATT&CK", "\(technique) \(Self.plain(name))\(stage)")
        }
    }

    private func addContributions(to page: inout TextPage) {
        let evidence = alert.evidence
        page.heading("Score \(Self.number(evidence.score)), threshold \(Self.number(evidence.threshold))")
        let widths = [24, 7, Self.barWidth + 1, -9, -13]
        page.row(["feature", "score", "", "value", "usual up to"], widths, isHeader: true)
        let most = evidence.contributions.map(\.score).max() ?? 1
        for part in evidence.contributions {
            let isNovelty = Feature.named(part.feature).first?.unit == .novelty
            page.row(
                [
                    part.feature, Self.number(part.score), Self.bar(part.score / most),
                    isNovelty ? "new" : Self.number(part.value),
                    isNovelty ? (part.expected > 0 ? "new" : "known") : Self.number(part.expected),
                ], widths)
        }
    }

    private func addWords(to page: inout TextPage) {
        page.heading("In words")
        for part in alert.evidence.contributions.prefix(3) {
            page.line("  " + Self.sentence(part.feature, part.value, part.expected))
        }
    }

    private func addNearest(to page: inout TextPage) {
        guard let nearest = alert.evidence.nearest else { return }
        page.heading("Most like")
        page.line(
            "  known traffic of this port: \(Self.packets(nearest.pktsToserver)), "
                + "\(Self.bytes(nearest.bytesToserver)) to the server,")
        page.line(
            "  \(Self.packets(nearest.pktsToclient)), \(Self.bytes(nearest.bytesToclient)) back, in "
                + "\(Self.number(nearest.seconds)) s; "
                + "\(HumanUnits.count(UInt64(nearest.flows), of: "flow")), at distance \(Self.number(nearest.distance))"
        )
    }

    private func addCounterfactual(to page: inout TextPage) {
        guard !alert.evidence.counterfactual.isEmpty else { return }
        page.heading("Would not have alerted")
        for (index, change) in alert.evidence.counterfactual.enumerated() {
            page.line("  " + (index > 0 ? "and " : "") + Self.counterfactual(change.feature, change.atMost))
        }
    }

    // MARK: Words

    /// What was observed of a feature and what is usual.
    static func sentence(_ name: String, _ value: Double, _ expected: Double) -> String {
        guard let feature = Feature.named(name).first else { return name }
        switch feature.unit {
        case .novelty: return feature.meaning
        case .count, .measure:
            return "\(number(value)) \(feature.meaning); 1 in 100 ordinary flows has more than \(number(expected))"
        case .share, .distance:
            return "\(feature.meaning) is \(number(value)); 1 in 100 ordinary flows has more than \(number(expected))"
        }
    }

    /// The change that would have kept the alert quiet.
    static func counterfactual(_ name: String, _ atMost: Double) -> String {
        guard let feature = Feature.named(name).first else { return "with \(name) at most \(number(atMost))" }
        switch feature.unit {
        case .novelty: return "if this had been known before: \(feature.meaning)"
        case .count: return "below \(number(atMost.rounded(.down) + 1)) \(feature.meaning)"
        case .measure: return "with at most \(number(atMost)) \(feature.meaning)"
        case .share, .distance: return "with \(feature.meaning) of at most \(number(atMost))"
        }
    }

    private static func party(_ party: LoggedAlert.Party) -> String {
        party.ip + (party.port.map { " port \($0)" } ?? "")
    }

    private static func plain(_ name: String) -> String {
        String(name.map { $0 == "_" ? " " : $0 })
    }

    private static func packets(_ value: Double) -> String {
        let text = number(value)
        return text == "1" ? "1 packet" : "\(text) packets"
    }

    private static func bytes(_ value: Double) -> String { HumanUnits.bytes(UInt64(max(0, value))) }

    /// Whole numbers as they are, others with two decimals.
    static func number(_ value: Double) -> String {
        let hundredths = (value.magnitude * 100).rounded()
        guard hundredths < 1e15 else { return "\(value)" }
        let scaled = UInt64(hundredths)
        let fraction = scaled % 100
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard fraction > 0 else { return sign + HumanUnits.count(scaled / 100) }
        return sign + HumanUnits.count(scaled / 100) + "." + (fraction < 10 ? "0" : "") + "\(fraction)"
    }

    /// A bar of eighths of a block.
    private static func bar(_ share: Double) -> String {
        let eighths = Int((max(0, min(1, share)) * Double(barWidth * 8)).rounded())
        let parts = Array(" ▏▎▍▌▋▊▉")
        let whole = String(repeating: "█", count: eighths / 8)
        return eighths % 8 == 0 ? whole : whole + String(parts[eighths % 8])
    }
}
