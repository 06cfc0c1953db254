// Which way a conversation goes, seen from the site.

import NetTypes

/// Where the two ends of a conversation are.
enum FlowDirection {
    case inbound
    case outbound
    case lateral
    case unknown

    init(from source: IPAddress, to destination: IPAddress, _ home: HomeNetworks) {
        let isReached = home.contain(destination) || destination.isMulticastOrBroadcast
        switch (home.contain(source), isReached) {
        case (true, true): self = .lateral
        case (true, false): self = .outbound
        case (false, true): self = .inbound
        case (false, false): self = .unknown
        }
    }
}

extension AlertLevel {
    /// 1 (informational) to 5 (critical): `severity_id` of OCSF.
    var ascending: Int {
        switch self {
        case .info: 1
        case .low: 2
        case .medium: 3
        case .high: 4
        case .critical: 5
        }
    }

    /// The severity of CEF, 0 to 10.
    var cefSeverity: Int {
        switch self {
        case .info: 1
        case .low: 3
        case .medium: 5
        case .high: 8
        case .critical: 10
        }
    }
}
