// What of a capture an evaluation counts.

import NetTypes

/// The time that is counted, and addresses that tell nothing.
public struct EvaluationScope: Sendable {
    /// Seconds since the epoch from which on flows and alerts are counted; nil from the first labelled row.
    public var since: Double?
    /// End of the counted time, for figures an hour; nil for the last flow's end.
    public var until: Double?
    /// Incidents between this moment and `since` are counted apart; nil for all before `since`.
    public var learned: Double?
    /// Gateways, resolvers and other hosts that everyone talks to: an alert that names nothing else matches no attack.
    public var ignored: Set<IPAddress> = []

    public init() {}

    /// Leaves out addresses separated by commas; returns the first that is none.
    public mutating func ignore(_ list: String) -> String? {
        for name in list.split(separator: ",") {
            guard let address = IPAddress(String(name)) else { return String(name) }
            ignored.insert(address)
        }
        return nil
    }
}
