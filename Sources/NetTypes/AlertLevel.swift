// How urgent an alert is, on the scale that SIEMs share.

/// Five levels, from the rule's severity and the incident's risk. Raw values are the words that are written.
public enum AlertLevel: String, CaseIterable, Sendable, Comparable {
    case info
    case low
    case medium
    case high
    case critical

    /// EVE's severity says what kind of thing it is, 1 worst; the risk of 0 to 100 how sure it is.
    public init(severity: UInt8, risk: Int) {
        switch severity {
        case 1: self = risk >= 70 ? .critical : .high
        case 2: self = risk >= 70 ? .high : .medium
        case 3: self = risk >= 70 ? .medium : .low
        default: self = .info
        }
    }

    public static func < (left: AlertLevel, right: AlertLevel) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension Alert {
    public var level: AlertLevel { AlertLevel(severity: severity, risk: risk) }
}
