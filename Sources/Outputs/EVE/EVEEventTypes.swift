// Which event types of EVE are written, and what the stages before must produce for them.

import NetTypes

/// A set of EVE event types, as `--events` selects them.
public struct EVEEventTypes: OptionSet, Hashable, Sendable {
    public var rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    public static let flow = EVEEventTypes(rawValue: 1)
    public static let dns = EVEEventTypes(rawValue: 2)
    public static let tls = EVEEventTypes(rawValue: 4)
    public static let http = EVEEventTypes(rawValue: 8)
    public static let ssh = EVEEventTypes(rawValue: 16)
    public static let dhcp = EVEEventTypes(rawValue: 32)
    public static let anomaly = EVEEventTypes(rawValue: 64)
    public static let stats = EVEEventTypes(rawValue: 128)
    public static let alert = EVEEventTypes(rawValue: 256)
    public static let quic = EVEEventTypes(rawValue: 512)
    public static let smb = EVEEventTypes(rawValue: 1 << 10)
    public static let dcerpc = EVEEventTypes(rawValue: 1 << 11)
    public static let rdp = EVEEventTypes(rawValue: 1 << 12)
    public static let ftp = EVEEventTypes(rawValue: 1 << 13)
    public static let smtp = EVEEventTypes(rawValue: 1 << 14)
    public static let modbus = EVEEventTypes(rawValue: 1 << 15)
    public static let mqtt = EVEEventTypes(rawValue: 1 << 16)
    public static let snmp = EVEEventTypes(rawValue: 1 << 17)
    public static let all = EVEEventTypes(rawValue: (1 << 18) - 1)

    /// The types by their names, in the order of their values.
    public static let named: [(name: String, type: EVEEventTypes)] = [
        ("flow", .flow), ("dns", .dns), ("tls", .tls), ("http", .http), ("ssh", .ssh), ("dhcp", .dhcp),
        ("anomaly", .anomaly), ("stats", .stats), ("alert", .alert), ("quic", .quic),
        ("smb", .smb), ("dcerpc", .dcerpc), ("rdp", .rdp), ("ftp", .ftp), ("smtp", .smtp), ("modbus", .modbus),
        ("mqtt", .mqtt), ("snmp", .snmp),
    ]

    /// The type that records of an application protocol are written as; empty for protocols without one.
    public static func type(of application: ApplicationProtocol) -> EVEEventTypes {
        switch application {
        // S7 has no type in EVE: its records stand in leptonnet.json.
        case .unknown, .failed, .s7: []
        case .dns: .dns
        case .tls: .tls
        case .http: .http
        case .ssh: .ssh
        case .dhcp: .dhcp
        case .quic: .quic
        case .smb: .smb
        case .dcerpc: .dcerpc
        case .rdp: .rdp
        case .ftp: .ftp
        case .smtp: .smtp
        case .modbus: .modbus
        case .mqtt: .mqtt
        case .snmp: .snmp
        }
    }

    /// The types that application records are written as.
    public static let applications: EVEEventTypes = [
        .dns, .tls, .http, .ssh, .dhcp, .quic, .smb, .dcerpc, .rdp, .ftp, .smtp, .modbus, .mqtt, .snmp,
    ]

    /// The events of the stream that these types are made of.
    public var sources: FlowEventKinds {
        var kinds: FlowEventKinds = []
        if contains(.flow) { kinds.insert(.closed) }
        if contains(.anomaly) { kinds.insert(.fault) }
        if !isDisjoint(with: Self.applications) { kinds.insert(.application) }
        return kinds
    }
}
