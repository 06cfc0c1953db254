// What somebody wants to know of the application layer.

import NetTypes

/// What the tracker is asked for. What nobody wants is not parsed.
@frozen
public struct ApplicationInterests: OptionSet, Hashable, Sendable {
    public var rawValue: UInt32

    @inlinable
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// The first 64 payload bytes of every flow, by direction.
    public static let payloadHeads = ApplicationInterests(rawValue: 1)
    /// The name of every flow's protocol.
    public static let recognition = ApplicationInterests(rawValue: 2)
    /// Records of the protocols.
    public static let dns = records(of: .dns)
    public static let tls = records(of: .tls)
    public static let http = records(of: .http)
    public static let ssh = records(of: .ssh)
    public static let dhcp = records(of: .dhcp)
    public static let quic = records(of: .quic)
    public static let smb = records(of: .smb)
    public static let dcerpc = records(of: .dcerpc)
    public static let rdp = records(of: .rdp)
    public static let ftp = records(of: .ftp)
    public static let smtp = records(of: .smtp)
    public static let modbus = records(of: .modbus)
    public static let s7 = records(of: .s7)
    public static let mqtt = records(of: .mqtt)
    public static let snmp = records(of: .snmp)
    /// What the detector reads.
    public static let detection: ApplicationInterests = [
        .payloadHeads, .recognition, .dns, .tls, .http, .ssh, .dhcp, .quic, .modbus, .s7, .smb, .dcerpc,
    ]
    public static let all = ApplicationInterests(rawValue: .max)

    /// Records of a protocol that is parsed.
    @inlinable
    public static func records(of application: ApplicationProtocol) -> ApplicationInterests {
        ApplicationInterests(rawValue: 1 << UInt32(application.rawValue))
    }

    /// Whether records of `application` are wanted.
    @inlinable
    public func wantsRecords(of application: ApplicationProtocol) -> Bool {
        application.rawValue > ApplicationProtocol.failed.rawValue && contains(Self.records(of: application))
    }

    /// Whether it matters that a flow is `application`.
    @inlinable
    public func wantsToKnow(_ application: ApplicationProtocol) -> Bool {
        contains(.recognition) || wantsRecords(of: application)
    }
}
