// Which kinds of lines are written.

import Configuration
import Outputs

/// A choice of event types, as named on the command line and in configuration files.
public struct EventSelection: Sendable {
    var types: EVEEventTypes = []
    var supplement = false

    init() {}

    /// The names that may be chosen: EVE's event types, and the file beside it.
    public static var names: String {
        (EVEEventTypes.named.map(\.name) + ["supplement"]).joined(separator: ",")
    }

    /// Reads names separated by commas; nil when one is unknown or none is there.
    public init?(_ text: String) {
        for name in text.split(separator: ",") {
            guard insert(String(name)) else { return nil }
        }
        guard !types.isEmpty || supplement else { return nil }
    }

    /// Adds a type by name; false when it is unknown.
    mutating func insert(_ name: String) -> Bool {
        if name == "supplement" {
            supplement = true
            return true
        }
        guard let known = EVEEventTypes.named.first(where: { $0.name == name }) else { return false }
        types.insert(known.type)
        return true
    }
}

extension ReplaySettings {
    /// Writes only the chosen types.
    public mutating func select(_ selection: EventSelection) {
        events = selection.types
        writesSupplement = selection.supplement
    }

    /// A size with a unit, as in `512MiB`; nil for anything else.
    public static func byteCount(_ text: String) -> Int? {
        UnitText.bytes(text).flatMap { $0 > 0 ? $0 : nil }
    }

    /// A duration with a unit, as in `15m`; nil for anything else.
    public static func secondCount(_ text: String) -> Int? {
        UnitText.seconds(text).flatMap { $0 > 0 ? $0 : nil }
    }
}
