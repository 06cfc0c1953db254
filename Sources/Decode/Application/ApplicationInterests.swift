// What somebody wants to know of the application layer.

import NetTypes

/// What the tracker is asked for. What nobody wants is not parsed.
@frozen
public struct ApplicationInterests: OptionSet, Hashable, Sendable {
    public var rawValue: UInt8

    @inlinable
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Records of the protocol.
    public static let dns = ApplicationInterests(rawValue: 1)
    public static let tls = ApplicationInterests(rawValue: 2)
    public static let http = ApplicationInterests(rawValue: 4)
    public static let ssh = ApplicationInterests(rawValue: 8)
    public static let dhcp = ApplicationInterests(rawValue: 16)
    /// The first 64 payload bytes of every flow, by direction.
    public static let payloadHeads = ApplicationInterests(rawValue: 32)
    /// The name of every flow's protocol.
    public static let recognition = ApplicationInterests(rawValue: 64)
    public static let all = ApplicationInterests(rawValue: 127)

    /// Whether records of `application` are wanted.
    @inlinable
    public func wantsRecords(of application: ApplicationProtocol) -> Bool {
        switch application {
        case .unknown, .failed: false
        case .dns: contains(.dns)
        case .tls: contains(.tls)
        case .http: contains(.http)
        case .ssh: contains(.ssh)
        case .dhcp: contains(.dhcp)
        }
    }

    /// Whether it matters that a flow is `application`.
    @inlinable
    public func wantsToKnow(_ application: ApplicationProtocol) -> Bool {
        contains(.recognition) || wantsRecords(of: application)
    }
}
