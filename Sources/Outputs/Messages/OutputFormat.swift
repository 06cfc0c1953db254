// The formats there are.

/// What events are written as.
public enum OutputFormat: String, CaseIterable, Sendable {
    /// Suricata's EVE.
    case eve
    /// What EVE has no room for: the lines of `leptonnet.json`.
    case supplement
    /// Elastic Common Schema.
    case ecs
    /// Open Cybersecurity Schema Framework: alerts and flows.
    case ocsf
    /// Common Event Format: alerts and flows.
    case cef

    /// Whether alerts have a line in this format.
    public var hasAlerts: Bool { self != .supplement }

    func renderer(_ options: EVEOptions) -> any MessageFormat {
        switch self {
        case .eve: EVERenderer(options)
        case .supplement: SupplementRenderer(communityIDSeed: options.communityIDSeed)
        case .ecs: ECSRenderer(options)
        case .ocsf: OCSFRenderer(options)
        case .cef: CEFRenderer(options)
        }
    }
}
