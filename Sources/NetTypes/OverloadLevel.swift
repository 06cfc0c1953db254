// What is left out when packets arrive faster than they are processed.

/// How much work is shed, in the order in which it is: each level sheds what those before it shed.
@frozen
public enum OverloadLevel: UInt8, Comparable, CaseIterable, Sendable {
    /// Everything is done.
    case none
    /// Payloads are not parsed.
    case application
    /// Flows are counted, but what they do each second is not published.
    case statistics
    /// No new flows: packets of flows that are not in the table are only counted.
    case newFlows

    /// The level's name in logs.
    public var name: StaticString {
        switch self {
        case .none: "none"
        case .application: "application"
        case .statistics: "statistics"
        case .newFlows: "new_flows"
        }
    }

    @inlinable
    public static func < (left: OverloadLevel, right: OverloadLevel) -> Bool {
        left.rawValue < right.rawValue
    }
}
