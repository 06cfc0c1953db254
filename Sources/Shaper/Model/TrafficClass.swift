// The five classes that the scheduler tells apart.

/// A traffic class, in the order of its strict priority.
///
/// The raw value is the lane of a `ClassVector` and the row of a plan's tables. Attack traffic has no class of its own
/// on the wire: it looks like bulk until a detector flags its source, and is `quarantine` from then on.
@frozen
public enum TrafficClass: Int, CaseIterable, Sendable, Codable {
    case voice
    case video
    case web
    case bulk
    case quarantine

    /// How many classes there are.
    @inlinable
    public static var count: Int { 5 }

    /// The name in tables, files and renderings.
    public var name: String {
        switch self {
        case .voice: "voice"
        case .video: "video"
        case .web: "web"
        case .bulk: "bulk"
        case .quarantine: "quarantine"
        }
    }

    /// Whether somebody is waiting for every single packet of the class.
    @inlinable
    public var isRealTime: Bool { self == .voice || self == .video }
}
