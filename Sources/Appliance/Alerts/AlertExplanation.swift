// `leptonnet explain`.

import Glibc

/// Prints alerts of a log as pictures.
public struct AlertExplanation {
    private let picture: AlertPicture

    /// - Throws: `UserError` when the log or the alert is not there.
    public init(_ identifier: String, log folder: String) throws(UserError) {
        let log = try AlertLog(folder: folder)
        let alert = try log.alert(named: identifier)
        picture = AlertPicture(alert: alert, alertsOfIncident: log.count(of: alert.evidence.incidentId))
    }

    /// Prints to standard output, in colours if that is a terminal and NO_COLOR is not set.
    public func print() {
        Terminal.write(picture.text(colors: Terminal.wantsColors), to: STDOUT_FILENO)
    }

    /// The picture without colours.
    public var text: String { picture.text(colors: false) }
}
