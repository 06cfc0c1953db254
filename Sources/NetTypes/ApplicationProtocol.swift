// Application protocols that the decoder recognises by content.

/// An application protocol, recognised from the bytes of a flow.
@frozen
public enum ApplicationProtocol: UInt8, CaseIterable, Sendable {
    /// Nothing recognised, or too little seen yet.
    case unknown = 0
    /// Payload was seen and matched no protocol we parse.
    case failed
    case dns
    case tls
    case http
    case ssh
    case dhcp
    case quic
    case smb
    case dcerpc
    case rdp
    case ftp
    case smtp
    case modbus
    case s7
    case mqtt
    case snmp

    /// The name EVE uses in `app_proto`.
    public var name: StaticString {
        switch self {
        case .unknown: "unknown"
        case .failed: "failed"
        case .dns: "dns"
        case .tls: "tls"
        case .http: "http"
        case .ssh: "ssh"
        case .dhcp: "dhcp"
        case .quic: "quic"
        case .smb: "smb"
        case .dcerpc: "dcerpc"
        case .rdp: "rdp"
        case .ftp: "ftp"
        case .smtp: "smtp"
        case .modbus: "modbus"
        case .s7: "s7comm"
        case .mqtt: "mqtt"
        case .snmp: "snmp"
        }
    }
}
