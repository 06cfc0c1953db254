// The alerts in a log folder.

import Foundation
import Glibc

/// Reads back the alerts that a run wrote into `eve.json`.
struct AlertLog {
    /// In the order of the log.
    let alerts: [LoggedAlert]

    /// - Parameter folder: what `--output` named.
    /// - Throws: `UserError` when there is no readable log. Lines of other programs are passed over.
    init(folder: String) throws(UserError) {
        let path = folder + "/eve.json"
        guard let file = fopen(path, "re") else {
            throw UserError(
                "\(path): cannot be read: \(String(cString: strerror(errno)).lowercased()); name the folder that "
                    + "--output of the replay named")
        }
        defer { fclose(file) }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        var alerts: [LoggedAlert] = []
        var line: UnsafeMutablePointer<CChar>?
        var room = 0
        defer { free(line) }
        while true {
            let length = getline(&line, &room, file)
            guard length > 0, let start = line else { break }
            guard strstr(start, "\"event_type\":\"alert\"") != nil else { continue }
            let bytes = Data(bytes: start, count: length)
            if let alert = try? decoder.decode(LoggedAlert.self, from: bytes) { alerts.append(alert) }
        }
        self.alerts = alerts
    }

    /// The alert of the given name: an incident (its first alert) or an incident and a number (`i-….2`); the beginning
    /// of an incident's name is enough if only one begins so.
    ///
    /// - Throws: `UserError` when there is none or when the name could mean several.
    func alert(named name: String) throws(UserError) -> LoggedAlert {
        let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let number = parts.count == 2 ? Int(parts[1]) : nil
        guard parts.count == 1 || number != nil else {
            throw UserError(
                "'\(name)' names no alert; write an incident as in the log, such as i-00067c6b7bf00001 or "
                    + "i-00067c6b7bf00001.2")
        }
        let matching = alerts.filter { $0.evidence.incidentId.hasPrefix(parts[0]) }
        let incidents = Set(matching.map(\.evidence.incidentId))
        guard let incident = incidents.first else {
            let known = alerts.prefix(3).map(\.identifier).joined(separator: ", ")
            throw UserError(
                "there is no alert '\(name)' among \(alerts.count)" + (known.isEmpty ? "" : "; the first are \(known)"))
        }
        guard incidents.count == 1 else {
            throw UserError(
                "'\(name)' may mean \(incidents.sorted().prefix(3).joined(separator: ", ")); write more of the name")
        }
        guard let alert = matching.first(where: { number == nil || $0.evidence.incidentAlerts == number }) else {
            throw UserError("incident \(incident) has \(matching.count) alerts, and no number \(number ?? 0)")
        }
        return alert
    }

    /// Alerts of the same incident.
    func count(of incident: String) -> Int {
        alerts.count { $0.evidence.incidentId == incident }
    }
}
