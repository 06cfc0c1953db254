// Whom to speak to, and how to know each other.

/// The other end of an encrypted connection and the credentials of both.
public struct SecureStreamSettings: Hashable, Sendable {
    /// Name or address.
    public var host: String
    public var port: Int
    /// The name that the other end's certificate must have; nil for `host`.
    public var serverName: String?
    /// PEM file with the authorities that are trusted; nil for those of the system.
    public var authorities: String?
    /// PEM files with the own certificate chain and its key; nil to show none.
    public var certificate: String?
    public var key: String?
    /// Milliseconds in which a connection must be made, and bytes be taken and acknowledged.
    public var patience = 10_000

    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}
